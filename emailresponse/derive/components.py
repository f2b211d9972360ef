"""Connected components: which messages belong to one conversation.

Every message takes the least message it shares a token with as its label; what is left are the few pairs of
labels that belong together, and those a union-find of scipy joins. So the work is two aggregations in SQL.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from emailresponse.derive.parts import forget, make
from emailresponse.store import Store


def label(store: Store, joining: str, labelled: str, component: str) -> None:
    """Make the part `component` of (message_no, component) from the tokens in `joining`.

    `labelled` names the messages that get a row. A component is named by the least of its labels.
    """
    make(store, "joining", f"FROM {joining}")
    make(store, "labelled", f"FROM {labelled}")
    make(store, "token_least")
    make(store, "message_least")
    make(store, "token_label")
    make(store, "message_label")
    make(store, "component_link")
    links = store.arrays("derive/links")
    with store.table("merged_label", _merged(links["one_no"], links["other_no"])):
        make(store, component, "derive/component")
    forget(store, "token_least", "message_least", "token_label", "message_label", "component_link")


def _merged(one: np.ndarray, other: np.ndarray) -> pa.Table:
    """Return (label, component): the least label that each linked label is connected with."""
    labels, places = np.unique(np.concatenate([one, other]), return_inverse=True)
    size = len(labels)
    if not size:
        return pa.table({"label": pa.array([], pa.uint64()), "component": pa.array([], pa.uint64())})
    half = len(one)
    graph = coo_array((np.ones(half, np.int8), (places[:half], places[half:])), shape=(size, size))
    _, group = connected_components(graph, directed=False)
    least = np.full(group.max() + 1, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(least, group, labels.astype(np.uint64))
    found = pa.array(least[group], pa.uint64())
    return pa.table({"label": pa.array(labels, pa.uint64()), "component": found})
