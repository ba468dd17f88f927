package org.cairnfs.core.data.pack;

import java.nio.ByteBuffer;
import org.cairnfs.core.crypto.ObjectSeal;
import org.cairnfs.core.crypto.Salt;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.PackRow;

/** Translates between packs and their rows in the metadata: the seal of a pack is 4 bytes of key generation and the salt. */
public final class PackRows {
    private PackRows() {}

    /** What {@link PackRow#header()} holds for a seal. */
    public static Bytes header(ObjectSeal seal) {
        ByteBuffer header = ByteBuffer.allocate(Integer.BYTES + Salt.LENGTH).putInt(seal.generation());
        header.put(seal.salt().toBytes());
        return Bytes.ofTrusted(header.array());
    }

    /** What is needed to read from the pack of a row. */
    public static PackInfo info(PackRow row) {
        ByteBuffer header = row.header().asBuffer();
        int generation = header.getInt();
        byte[] salt = new byte[Salt.LENGTH];
        header.get(salt);
        PackName name = PackName.ofKey(row.objectKey())
                .orElseThrow(() -> new IllegalStateException("pack row with key " + row.objectKey()));
        return new PackInfo(
                name, row.metadata() ? PackKind.META : PackKind.DATA, new ObjectSeal(generation, Salt.of(salt)));
    }
}
