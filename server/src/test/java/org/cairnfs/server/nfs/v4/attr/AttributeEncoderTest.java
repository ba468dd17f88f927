package org.cairnfs.server.nfs.v4.attr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

class AttributeEncoderTest {
    private static final Entrance ENTRANCE = Entrance.open(new ExportAccess(true, true, Credentials.ROOT));
    private static final FileHandle HANDLE = new FileHandle(new UUID(11, 12), 5, 1, 0);
    private static final Attributes ATTRIBUTES = new Attributes(
            5,
            1,
            FileType.BLOCK_DEVICE,
            0640,
            1000,
            -2,
            3,
            4096,
            512,
            new DeviceNumber(8, 1),
            -1,
            1_500_000_000_000_000_001L,
            2_000_000_000L,
            3_000_000_007L,
            77);

    private final AttributeEncoder encoder =
            new AttributeEncoder(new Limits(65536, 32768), 45, HostOwners.ofThisHost());

    @Test
    void valuesComeInAscendingOrderOfTheirNumbers() throws Exception {
        XdrReader in = encode(Attr.OWNER_GROUP, Attr.TYPE, Attr.MODE, Attr.SIZE, Attr.RAWDEV, Attr.FSID);

        assertThat(in.readInt()).as("type").isEqualTo(Ftype4.NF4BLK);
        assertThat(in.readHyper()).as("size").isEqualTo(4096);
        assertThat(in.readHyper()).as("fsid major").isEqualTo(11);
        assertThat(in.readHyper()).as("fsid minor").isEqualTo(12);
        assertThat(in.readInt()).as("mode").isEqualTo(0640);
        assertThat(in.readUtf8(99)).as("group").isEqualTo("4294967294");
        assertThat(in.readInt()).as("major").isEqualTo(8);
        assertThat(in.readInt()).as("minor").isEqualTo(1);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void timesBeforeTheEpochCountTheirNanosecondsUpwards() throws Exception {
        XdrReader in = encode(Attr.TIME_ACCESS, Attr.TIME_CREATE, Attr.TIME_MODIFY);

        assertThat(in.readHyper()).isEqualTo(-1);
        assertThat(in.readInt()).isEqualTo(999_999_999);
        assertThat(in.readHyper()).isEqualTo(3);
        assertThat(in.readInt()).isEqualTo(7);
        assertThat(in.readHyper()).isEqualTo(1_500_000_000L);
        assertThat(in.readInt()).isEqualTo(1);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void factsOfTheServerAndFileSystem() throws Exception {
        XdrReader in = encode(
                Attr.LEASE_TIME, Attr.FILES_TOTAL, Attr.MAXREAD, Attr.MAXWRITE, Attr.SPACE_FREE, Attr.SPACE_TOTAL);

        assertThat(in.readInt()).isEqualTo(45);
        assertThat(in.readHyper()).isEqualTo(300);
        assertThat(in.readHyper()).isEqualTo(65536);
        assertThat(in.readHyper()).isEqualTo(32768);
        assertThat(in.readHyper()).isEqualTo(200);
        assertThat(in.readHyper()).isEqualTo(100);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void whatThereIsRoomForInAQuota() throws Exception {
        XdrReader in = encode(Attr.QUOTA_AVAIL_HARD, Attr.QUOTA_AVAIL_SOFT, Attr.QUOTA_USED);

        assertThat(in.readHyper()).isEqualTo(9);
        assertThat(in.readHyper()).isEqualTo(8);
        assertThat(in.readHyper()).isEqualTo(7);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void everySupportedAttributeThatCanBeReadIsEncoded() throws Exception {
        for (int minor = 0; minor <= 2; minor++) {
            Bitmap4 all = Bitmap4.EMPTY;
            for (Attr attr : Attr.values()) {
                boolean known = Attr.supported(minor).contains(attr.number());
                if (known && !Attr.WRITE_ONLY.contains(attr.number())) {
                    all = all.with(attr.number());
                }
            }
            XdrWriter out = new XdrWriter(4096);
            encoder.encode(out, all, subject(), minor);

            XdrReader in = new XdrReader(ByteBuffer.wrap(out.toByteArray()));
            assertThat(Bitmap4.decode(in)).isEqualTo(all);
            assertThat(in.readOpaque(4096)).hasSizeGreaterThan(300);
            assertThat(in.remaining()).isZero();
        }
    }

    /** RFC 8881 section 5.6: what a server must support. */
    @Test
    void mandatoryAttributesAreSupported() {
        Bitmap4 mandatory = Bitmap4.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 19);

        assertThat(mandatory.isSubsetOf(Attr.supported(0))).isTrue();
        assertThat(mandatory.with(75).isSubsetOf(Attr.supported(1))).isTrue();
        assertThat(Attr.supported(0).contains(75)).isFalse();
        assertThat(Attr.supported(1).isSubsetOf(Attr.supported(2))).isTrue();
        assertThat(Attr.supported(1).contains(Attr.XATTR_SUPPORT.number())).isFalse();
        assertThat(Attr.supported(2).contains(Attr.XATTR_SUPPORT.number())).isTrue();
    }

    @Test
    void whatIsNotSupportedIsLeftOutAndWhatCanOnlyBeSetIsRefused() throws Exception {
        assertThat(AttributeEncoder.readable(Bitmap4.of(1, 14, 75, 120), 0)).isEqualTo(Bitmap4.of(1));
        assertThat(AttributeEncoder.readable(Bitmap4.of(1, 75), 1)).isEqualTo(Bitmap4.of(1, 75));
        assertThatThrownBy(() -> AttributeEncoder.readable(Bitmap4.of(1, 48), 0))
                .isInstanceOfSatisfying(
                        NfsException.class, e -> assertThat(e.status()).isEqualTo(NfsStatus.INVAL));
    }

    @Test
    void theFileSystemIsAskedOnlyForWhatIsWanted() throws Exception {
        List<String> asked = new ArrayList<>();
        Subject subject = new Subject(
                HANDLE,
                ENTRANCE,
                ATTRIBUTES,
                () -> {
                    asked.add("statfs");
                    return new FsStatistics(1, 2, 3, 4);
                },
                () -> asked.add("listXattrs"));

        encoder.encode(new XdrWriter(4096), Bitmap4.of(1, 3, 4, 20), subject, 0);
        assertThat(asked).isEmpty();
        encoder.encode(new XdrWriter(4096), Bitmap4.of(1, 42, 43, 44), subject, 0);
        assertThat(asked).containsExactly("statfs");
        encoder.encode(new XdrWriter(4096), Bitmap4.of(7), subject, 0);
        assertThat(asked).containsExactly("statfs", "listXattrs");
    }

    private XdrReader encode(Attr... attributes) throws Exception {
        Bitmap4 wanted = Bitmap4.EMPTY;
        for (Attr attr : attributes) {
            wanted = wanted.with(attr.number());
        }
        XdrWriter out = new XdrWriter(4096);
        encoder.encodeValues(out, wanted, subject(), 0);
        return new XdrReader(new XdrReader(ByteBuffer.wrap(out.toByteArray())).readOpaqueSlice(4096));
    }

    private static Subject subject() {
        return new Subject(
                HANDLE, ENTRANCE, ATTRIBUTES, () -> new FsStatistics(100, 200, 300, 400, 7, 8, 9), () -> true);
    }
}
