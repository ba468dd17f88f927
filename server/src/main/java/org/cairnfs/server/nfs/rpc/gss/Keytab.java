package org.cairnfs.server.nfs.rpc.gss;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * Whose keys are in a keytab: MIT's file format, version 2, of which the keys themselves are left alone. Immutable.
 *
 * @param principals such as {@code nfs/host@REALM}
 */
public record Keytab(Set<String> principals) {
    private static final int MAX_BYTES = 1 << 20;
    private static final short FORMAT_2 = 0x0502;

    public Keytab {
        principals = Set.copyOf(principals);
    }

    /** Reads a file; fails if it is no keytab. */
    public static Keytab read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is over 1 MiB: no keytab");
        }
        try {
            return parse(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException(file + " is no keytab", e);
        }
    }

    private static Keytab parse(ByteBuffer in) {
        if (in.getShort() != FORMAT_2) {
            throw new IllegalArgumentException("another version of the format");
        }
        Set<String> principals = new TreeSet<>();
        while (in.hasRemaining()) {
            int length = in.getInt();
            if (length > 0) {
                principals.add(principal(in.slice().limit(length)));
            }
            // A negative length is that of a hole.
            in.position(Math.addExact(in.position(), Math.absExact(length)));
        }
        return new Keytab(principals);
    }

    private static String principal(ByteBuffer entry) {
        int components = Short.toUnsignedInt(entry.getShort());
        String realm = string(entry);
        StringJoiner name = new StringJoiner("/", "", "@" + realm);
        for (int i = 0; i < components; i++) {
            name.add(string(entry));
        }
        return name.toString();
    }

    private static String string(ByteBuffer entry) {
        int length = Short.toUnsignedInt(entry.getShort());
        ByteBuffer bytes = entry.slice().limit(length);
        entry.position(entry.position() + length);
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** The realms of its principals. */
    public Set<String> realms() {
        Set<String> realms = new TreeSet<>();
        principals.forEach(principal -> realms.add(principal.substring(principal.lastIndexOf('@') + 1)));
        return realms;
    }

    /** Whether clients of NFS, who ask for {@code nfs} at some host, find a key here. */
    public boolean isForNfs() {
        return principals.stream().anyMatch(principal -> principal.startsWith("nfs/"));
    }
}
