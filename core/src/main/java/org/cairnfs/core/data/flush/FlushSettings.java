package org.cairnfs.core.data.flush;

import java.time.Duration;

/**
 * When dirty data is flushed, and how much of it there may be.
 *
 * @param idle a content is flushed when it was not written to for so long, with others that {@link FlushDue} gathers
 * @param age or when its oldest dirty byte is so old
 * @param dirtyBytes bound of bytes that are written and not in the store; writers wait beyond it
 * @param dirtyHeap bound of heap for the ranges of them, in bytes
 * @param encoderThreads threads that hash, compress and seal
 * @param encodeMemory plain bytes under way to the packs at most
 * @param packTarget length of packs, in bytes
 * @param packBuffers packs in memory, being filled or uploaded
 */
public record FlushSettings(
        Duration idle,
        Duration age,
        long dirtyBytes,
        long dirtyHeap,
        int encoderThreads,
        int encodeMemory,
        int packTarget,
        int packBuffers) {

    /** 5 s idle, 30 s old, 1 GiB of dirty bytes. */
    public static FlushSettings defaults() {
        return new FlushSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                1L << 30,
                48L << 20,
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                16 << 20,
                16 << 20,
                3);
    }
}
