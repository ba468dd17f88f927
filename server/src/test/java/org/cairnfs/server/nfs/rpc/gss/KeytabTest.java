package org.cairnfs.server.nfs.rpc.gss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeytabTest {
    @TempDir
    private Path folder;

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("keytab"), bytes);
    }

    private static byte[] keytab() {
        ByteBuffer out = ByteBuffer.allocate(200).putShort((short) 0x0502);
        out.putInt(-5).put(new byte[5]);
        out.putInt(40).putShort((short) 2);
        string(out, "TEST");
        string(out, "nfs");
        string(out, "host");
        return Arrays.copyOf(out.array(), 2 + 9 + 44);
    }

    private static void string(ByteBuffer out, String text) {
        out.putShort((short) text.length()).put(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void holesAreLeftOut() throws Exception {
        assertThat(Keytab.read(write(keytab())).principals()).containsExactly("nfs/host@TEST");
    }

    @Test
    void whatIsCutOffOrNoKeytabIsRefused() throws Exception {
        byte[] whole = keytab();
        for (int length = 0; length < whole.length; length++) {
            if (length == 2 || length == 11) {
                continue; // The end of an entry.
            }
            Path cut = write(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Keytab.read(cut)).isInstanceOf(IOException.class);
        }
        for (int at : new int[] {0, 1, 2, 11, 15, 17, 18}) {
            byte[] wrong = whole.clone();
            wrong[at] ^= (byte) 0x60;
            Path file = write(wrong);
            assertThatThrownBy(() -> Keytab.read(file)).as("byte %d", at).isInstanceOf(IOException.class);
        }
    }
}
