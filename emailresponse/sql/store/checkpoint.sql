-- No row: what the write-ahead log holds goes into the file.
CHECKPOINT
