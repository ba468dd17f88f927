package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
            @ForAll boolean mayReclaim) {
        String encodable = new String(principal.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        ClientRecord record = new ClientRecord(
                new ClientName(minorVersion, Bytes.copyOf(owner)),
                verifier,
                new Principal(flavor, encodable),
                incarnation,
                mayReclaim);
        byte[] encoded = ClientRecordCodec.encode(record);
        assertThat(encoded.length).isLessThanOrEqualTo(ClientRecordCodec.MAX_BYTES);
        assertThat(ClientRecordCodec.decode(encoded)).contains(record);
    }

    @Property
    void aFlippedBitOrACutIsNoticed(
            @ForAll @AlphaChars @StringLength(min = 1, max = 40) String owner,
            @ForAll @IntRange(max = 60_000) int place,
            @ForAll @IntRange(max = 7) int bit) {
        ClientRecord record = new ClientRecord(new ClientName(1, StateRig.bytes(owner)), 7, StateRig.ROOT, 3, true);
        byte[] encoded = ClientRecordCodec.encode(record);
        assertThat(ClientRecordCodec.decode(Arrays.copyOf(encoded, place % encoded.length)))
                .isEmpty();
        encoded[place % encoded.length] ^= (byte) (1 << bit);
        assertThat(ClientRecordCodec.decode(encoded)).isEmpty();
    }

    @Property
    void noBytesAtAllMakeItFail(@ForAll @Size(max = 200) byte[] bytes) {
        assertThat(ClientRecordCodec.decode(bytes)).isEmpty();
    }
}
