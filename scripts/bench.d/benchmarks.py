"""All workloads by their names, in the order in which they run."""

import work_nfs_data
import work_nfs_metadata

ALL = {
    "nfs": work_nfs_metadata,
    "data": work_nfs_data,
}
