package org.cairnfs.core.objectstore.jclouds;

import com.google.common.hash.HashCode;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jclouds.io.payloads.BasePayload;

/** Buffers as one body, which may be read any number of times. They must not change meanwhile; their positions do not. */
final class BuffersPayload extends BasePayload<List<ByteBuffer>> {
    private BuffersPayload(List<ByteBuffer> parts, long length) {
        super(parts);
        getContentMetadata().setContentLength(length);
        getContentMetadata().setContentType("application/octet-stream");
    }

    static BuffersPayload of(ByteBuffer... body) {
        List<ByteBuffer> parts = new ArrayList<>();
        long length = 0;
        for (ByteBuffer part : body) {
            parts.add(part.asReadOnlyBuffer());
            length += part.remaining();
        }
        return new BuffersPayload(Collections.unmodifiableList(parts), length);
    }

    /** Adds the MD5 of the body, by which some stores notice what was damaged on the way. */
    @SuppressWarnings("deprecation") // of jclouds' setter there is no other form
    BuffersPayload withMd5() {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (ByteBuffer part : content) {
                md5.update(part.duplicate());
            }
            getContentMetadata().setContentMD5(HashCode.fromBytes(md5.digest()));
            return this;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no MD5", e);
        }
    }

    @Override
    public InputStream openStream() {
        return new Stream(content.stream().map(ByteBuffer::duplicate).toList());
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** Reads one buffer after the other. */
    private static final class Stream extends InputStream {
        private final List<ByteBuffer> parts;
        private int current;

        Stream(List<ByteBuffer> parts) {
            this.parts = parts;
        }

        private boolean atEnd() {
            while (current < parts.size() && !parts.get(current).hasRemaining()) {
                current++;
            }
            return current == parts.size();
        }

        @Override
        public int read() {
            return atEnd() ? -1 : parts.get(current).get() & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (atEnd()) {
                return -1;
            }
            int read = Math.min(length, parts.get(current).remaining());
            parts.get(current).get(target, offset, read);
            return read;
        }
    }
}
