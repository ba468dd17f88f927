package org.cairnfs.server.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cairnfs.core.fs.Bytes;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private record Entry(Bytes directory, Bytes rawName) {}

    private record Write(Bytes file, long offset, ByteBuffer data) {}

    private record Create(Entry entry, int mode) {}

    private record GetAttr(Bytes file) {}

    private static final Bytes HANDLE = Bytes.ofTrusted(new byte[60]);

    private static Bytes bytes(String text) {
        return Bytes.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void handlesAreLeftOutAndNamesAreText() {
        assertThat(Arguments.readable(new Create(new Entry(HANDLE, bytes("a $1 näme")), 7).toString()))
                .isEqualTo("Create[entry=Entry[name=a $1 näme], mode=7]");
        assertThat(Arguments.readable(new GetAttr(HANDLE).toString())).isEqualTo("GetAttr[]");
        assertThat(Arguments.readable(new GetAttr(bytes("")).toString())).isEqualTo("GetAttr[file=]");
    }

    @Test
    void dataIsItsLength() {
        ByteBuffer data = ByteBuffer.allocate(4096);
        assertThat(Arguments.readable(new Write(HANDLE, 5, data).toString()))
                .isEqualTo("Write[offset=5, data=4096 bytes]");
        assertThat(Arguments.readable(new Write(HANDLE, 5, data.asReadOnlyBuffer()).toString()))
                .isEqualTo("Write[offset=5, data=4096 bytes]");
    }

    @Test
    void allElseStaysAsItIs() {
        assertThat(Arguments.readable("Lookup[name=deadbeef]")).isEqualTo("Lookup[name=deadbeef]");
        assertThat(Arguments.readable("")).isEmpty();
    }
}
