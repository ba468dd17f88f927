package org.cairnfs.server.nfs.v3.nsm;

import com.google.common.hash.Hashing;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;

/**
 * A host that must be told when this server has restarted.
 *
 * @param address of the host
 * @param local address of this server that the host knows, which is the name by which it is told
 * @param name of the host for itself
 */
public record HostRecord(InetAddress address, InetAddress local, Bytes name) {
    private static final String FORMAT = "cairn-nlm-host 1";

    /** What a host is known by. */
    public record Key(InetAddress address, Bytes name) {}

    public Key key() {
        return new Key(address, name);
    }

    /** Names the file of this host: digits and letters. */
    String digest() {
        return Hashing.sha256()
                .newHasher()
                .putBytes(address.getAddress())
                .putBytes(name.toArray())
                .hash()
                .toString();
    }

    /** One line for each field, and a checksum. */
    byte[] encode() {
        String body = FORMAT + "\n" + InetAddresses.toAddrString(address) + "\n" + InetAddresses.toAddrString(local)
                + "\n" + HexFormat.of().formatHex(name.toArray()) + "\n";
        return (body + checksum(body) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty unless it is whole. */
    static Optional<HostRecord> decode(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\n", -1);
        if (lines.length != 6 || !lines[0].equals(FORMAT) || !lines[5].isEmpty()) {
            return Optional.empty();
        }
        String body = String.join("\n", lines[0], lines[1], lines[2], lines[3]) + "\n";
        if (!checksum(body).equals(lines[4])) {
            return Optional.empty();
        }
        return Optional.of(new HostRecord(
                InetAddresses.forString(lines[1]),
                InetAddresses.forString(lines[2]),
                Bytes.ofTrusted(HexFormat.of().parseHex(lines[3]))));
    }

    private static String checksum(String body) {
        return Hashing.crc32c().hashString(body, StandardCharsets.US_ASCII).toString();
    }

    /** For people. */
    @Override
    public String toString() {
        return new String(name.toArray(), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?") + " at "
                + InetAddresses.toAddrString(address);
    }
}
