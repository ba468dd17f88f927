package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.cairnfs.core.fs.Bytes;

class ClientRecordCodecProperties {
    @Property
    void recordsComeBackAsTheyWere(
            @ForAll @IntRange(max = 1) int minorVersion,
            @ForAll @Size(min = 1, max = ClientName.MAX_OWNER_BYTES) byte[] owner,
            @ForAll long verifier,
            @ForAll int flavor,
            @ForAll @StringLength(max = Principal.MAX_NAME) String principal,
            @ForAll long incarnation,
            @ForAll boolean mayReclaim,
            @ForAll DelegationRecord delegations) {
        String encodable = new String(principal.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        ClientRecord record = new ClientRecord(
                new ClientName(minorVersion, Bytes.copyOf(owner)),
                verifier,
                new Principal(flavor, encodable),
                incarnation,
                mayReclaim,
                delegations);
        byte[] encoded = ClientRecordCodec.encode(record);
        assertThat(encoded.length).isLessThanOrEqualTo(ClientRecordCodec.MAX_BYTES);
        assertThat(ClientRecordCodec.decode(encoded)).contains(record);
    }

    @Property
    void aFlippedBitOrACutIsNoticed(
            @ForAll @AlphaChars @StringLength(min = 1, max = 40) String owner,
            @ForAll @IntRange(max = 60_000) int place,
            @ForAll @IntRange(max = 7) int bit) {
        ClientRecord record = new ClientRecord(
                new ClientName(1, StateRig.bytes(owner)), 7, StateRig.ROOT, 3, true, DelegationRecord.NONE);
        byte[] encoded = ClientRecordCodec.encode(record);
        assertThat(ClientRecordCodec.decode(Arrays.copyOf(encoded, place % encoded.length)))
                .isEmpty();
        encoded[place % encoded.length] ^= (byte) (1 << bit);
        assertThat(ClientRecordCodec.decode(encoded)).isEmpty();
    }

    /** A record as it was before there were delegations: magic, version 1, minor version, may-reclaim, and the rest as it is. */
    @Property
    void recordsOfTheVersionBeforeAreRead(@ForAll boolean mayReclaim) {
        ClientRecord record = new ClientRecord(
                new ClientName(1, StateRig.bytes("x")), 7, StateRig.ROOT, 3, mayReclaim, DelegationRecord.NONE);
        byte[] newer = ClientRecordCodec.encode(record);
        ByteBuffer older = ByteBuffer.allocate(newer.length - 1);
        older.put(newer, 0, 4).put((byte) 1).put(newer, 5, 2).put(newer, 8, newer.length - 12);
        CRC32C crc = new CRC32C();
        crc.update(older.array(), 0, older.position());
        older.putInt((int) crc.getValue());
        assertThat(ClientRecordCodec.decode(older.array())).contains(record);
    }

    @Property
    void noBytesAtAllMakeItFail(@ForAll @Size(max = 200) byte[] bytes) {
        assertThat(ClientRecordCodec.decode(bytes)).isEmpty();
    }
}
