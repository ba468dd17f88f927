package org.cairnfs.fuse.call;

/** The pages that the kernel keeps of files, as far as it can be given some. Implementations are called from any thread. */
@FunctionalInterface
public interface KernelPages {
    /** Of a kernel that takes none. */
    KernelPages NONE = (inode, contents) -> false;

    /**
     * Gives the kernel all that is in a file, which nobody has open: a reader would hold pages locked until it is answered, perhaps by the thread that waits here.
     *
     * @param inode as the kernel numbers it
     * @return whether it was given
     */
    boolean store(long inode, byte[] contents);
}
