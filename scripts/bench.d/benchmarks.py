"""All workloads by their names, in the order in which they run."""

import work_duplicates
import work_fuse
import work_micro
import work_nfs_data
import work_nfs_metadata
import work_start
import work_tree

ALL = {
    "nfs": work_nfs_metadata,
    "data": work_nfs_data,
    "fuse": work_fuse,
    "tree": work_tree,
    "duplicates": work_duplicates,
    "start": work_start,
    "micro": work_micro,
}
