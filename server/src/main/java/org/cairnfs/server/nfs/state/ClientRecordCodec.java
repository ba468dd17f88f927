package org.cairnfs.server.nfs.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.cairnfs.core.fs.Bytes;

/**
 * The file of a {@link ClientRecord}, big-endian: magic {@code CRNC} (4), format version (1) = 2, minor version (1),
 * may-reclaim (1), delegations (1), verifier (8), incarnation (8), owner (2 + n), principal flavour (4) and name (2 + n, UTF-8), and the
 * CRC32C of all that (4). Version 1, which has no delegations, is read too.
 */
final class ClientRecordCodec {
    /** No record is longer. */
    static final int MAX_BYTES = 8192;

    private static final int MAGIC = 0x43524e43;
    private static final byte VERSION = 2;
    private static final byte WITHOUT_DELEGATIONS = 1;
    private static final int CRC_BYTES = Integer.BYTES;

    private ClientRecordCodec() {}

    static byte[] encode(ClientRecord record) {
        byte[] owner = record.name().owner().toArray();
        byte[] principal = record.principal().name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES)
                .putInt(MAGIC)
                .put(VERSION)
                .put((byte) record.name().minorVersion())
                .put((byte) (record.mayReclaim() ? 1 : 0))
                .put(record.delegations().code())
                .putLong(record.verifier())
                .putLong(record.incarnation())
                .putShort((short) owner.length)
                .put(owner)
                .putInt(record.principal().flavor())
                .putShort((short) principal.length)
                .put(principal);
        out.putInt(crc(out.duplicate().flip()));
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Empty if these are not the bytes that {@link #encode} made. */
    static Optional<ClientRecord> decode(byte[] bytes) {
        if (bytes.length < CRC_BYTES || bytes.length > MAX_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, bytes.length - CRC_BYTES);
        int crc = ByteBuffer.wrap(bytes).getInt(bytes.length - CRC_BYTES);
        try {
            if (crc != crc(in.duplicate()) || in.getInt() != MAGIC) {
                return Optional.empty();
            }
            byte version = in.get();
            return version == VERSION || version == WITHOUT_DELEGATIONS
                    ? Optional.of(fields(in, version))
                    : Optional.empty();
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static ClientRecord fields(ByteBuffer in, byte version) {
        int minorVersion = in.get();
        boolean mayReclaim = in.get() != 0;
        DelegationRecord delegations =
                version == WITHOUT_DELEGATIONS ? DelegationRecord.NONE : DelegationRecord.ofCode(in.get());
        long verifier = in.getLong();
        long incarnation = in.getLong();
        Bytes owner = Bytes.ofTrusted(bytes(in));
        int flavor = in.getInt();
        Principal principal = new Principal(flavor, new String(bytes(in), StandardCharsets.UTF_8));
        return new ClientRecord(
                new ClientName(minorVersion, owner), verifier, principal, incarnation, mayReclaim, delegations);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
