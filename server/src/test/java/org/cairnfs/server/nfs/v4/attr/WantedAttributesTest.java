package org.cairnfs.server.nfs.v4.attr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.Test;

class WantedAttributesTest {
    private static final Owners OWNERS = HostOwners.ofThisHost();

    @Test
    void everythingThatCanBeSetIsRead() throws Exception {
        Fattr fattr = Fattr.size(5).with(Attr.MODE, out -> out.writeInt(04755));
        WantedAttributes wanted =
                of(fattr.owner("7").group("8").modified(-1, 999_999_999).accessedNow(), 0);

        assertThat(wanted.over(0)).isEqualTo(new SetAttributes(04755, 7, 8, 5L, SetTime.NOW, new SetTime.At(-1)));
        assertThat(wanted.mask()).isEqualTo(Bitmap4.of(4, 33, 36, 37, 48, 54));
        assertThat(wanted.needsPresentMode()).isFalse();
    }

    @Test
    void aMaskedModeChangesItsBitsOnly() throws Exception {
        Fattr masked = Fattr.none()
                .with(Attr.MODE_SET_MASKED, out -> out.writeInt(0022).writeInt(0077));

        WantedAttributes wanted = of(masked, 1);

        assertThat(wanted.needsPresentMode()).isTrue();
        assertThat(wanted.over(0755)).isEqualTo(SetAttributes.ofMode(0722));
    }

    @Test
    void whatIsNotSupportedIsToldApartFromWhatCannotBeSet() {
        // archive (14) is not supported; type (1) is, but cannot be set; mode_set_masked came with 4.1.
        expect(NfsStatus.ATTRNOTSUPP, () -> of(Fattr.none().with(14, out -> out.writeInt(1)), 1));
        expect(NfsStatus.INVAL, () -> of(Fattr.none().with(Attr.TYPE, out -> out.writeInt(1)), 1));
        expect(
                NfsStatus.ATTRNOTSUPP,
                () -> of(
                        Fattr.none()
                                .with(
                                        Attr.MODE_SET_MASKED,
                                        out -> out.writeInt(0).writeInt(0)),
                        0));
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        expect(NfsStatus.FBIG, () -> of(Fattr.size(-1), 0));
        expect(NfsStatus.INVAL, () -> of(Fattr.mode(0100644), 0));
        expect(NfsStatus.INVAL, () -> of(Fattr.none().modified(0, 1_000_000_000), 0));
        expect(NfsStatus.INVAL, () -> of(Fattr.none().modified(Long.MAX_VALUE, 0), 0));
        expect(NfsStatus.INVAL, () -> of(Fattr.none().modified(Long.MIN_VALUE, 0), 0));
        expect(NfsStatus.BADOWNER, () -> of(Fattr.none().owner("no such user here"), 0));
    }

    @Test
    void valuesThatAreNotXdrAreRefused() {
        expect(NfsStatus.BADXDR, () -> of(Fattr.none().with(Attr.SIZE, out -> out.writeInt(1)), 0));
        expect(
                NfsStatus.BADXDR,
                () -> of(Fattr.none().with(Attr.MODE, out -> out.writeInt(1).writeInt(2)), 0));
        expect(NfsStatus.BADXDR, () -> of(Fattr.none().with(Attr.TIME_ACCESS_SET, out -> out.writeInt(2)), 0));
    }

    private static void expect(NfsStatus status, ThrowingCallable code) {
        assertThatThrownBy(code)
                .isInstanceOfSatisfying(
                        NfsException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private static WantedAttributes of(Fattr fattr, int minorVersion) throws XdrException, NfsException {
        byte[] encoded = Op.of(0, fattr::write).arguments();
        return WantedAttributes.of(Fattr4.decode(new XdrReader(ByteBuffer.wrap(encoded))), minorVersion, OWNERS);
    }
}
