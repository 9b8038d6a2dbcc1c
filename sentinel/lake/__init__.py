"""Past one machine: exports or Parquet in, tagged Parquet by day and author-days out, on a Dask cluster (``[dask]``).

========== ===================================================================================================
reading    one input is one task: its posts as Parquet, known by the SHA-256 of its bytes, and its ledger entry
steps      what is done to a part of the posts: the richer record, the originals' texts, near-copies, tags
engine     the same on all parts, in Dask's hands; author-days
posts      the lake read back as a report reads a store
files      where it all lies: a folder, or a URL that fsspec knows
========== ===================================================================================================

Nothing here is imported unless the engine is asked for.
"""

from __future__ import annotations

__all__: list[str] = []
