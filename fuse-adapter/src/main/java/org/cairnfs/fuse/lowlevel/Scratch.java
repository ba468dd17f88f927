package org.cairnfs.fuse.lowlevel;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;

/**
 * The native memory of one thread: a request as it comes from the kernel, an answer as it goes there. Valid from one request to the next. For one
 * thread.
 */
final class Scratch {
    private final ByteBuffer input;
    private final ByteBuffer output;
    private final ByteBuffer structure;
    private final long inputAddress;
    private final long outputAddress;
    private final long structureAddress;

    /** @param requestBytes of the largest request, its data included */
    Scratch(int requestBytes) {
        MemoryIO memory = MemoryIO.getInstance();
        input = ByteBuffer.allocateDirect(requestBytes);
        output = ByteBuffer.allocateDirect(requestBytes);
        structure = ByteBuffer.allocateDirect(Layout.LARGEST);
        inputAddress = memory.getDirectBufferAddress(input);
        outputAddress = memory.getDirectBufferAddress(output);
        structureAddress = memory.getDirectBufferAddress(structure);
    }

    long input() {
        return inputAddress;
    }

    int inputBytes() {
        return input.capacity();
    }

    /** A part of the request, without copying it. */
    ByteBuffer input(long address, int length) {
        return input.slice((int) (address - inputAddress), length);
    }

    /** For an answer of bytes: empty. */
    ByteBuffer output() {
        return output.clear();
    }

    long outputAddress() {
        return outputAddress;
    }

    int outputBytes() {
        return output.capacity();
    }

    /** For one structure. */
    long structure() {
        return structureAddress;
    }
}
