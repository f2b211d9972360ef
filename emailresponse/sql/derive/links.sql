-- One row per pair of labels that belong together. Partition key: component.
FROM part_component_link
