package org.cairnfs.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;

/** Reads a passphrase from where a user keeps it: one line, its end not counted. */
public final class SecretFile {
    private static final int RANDOM_BYTES = 32;

    private SecretFile() {}

    /** Reads a file that only its owner may read. */
    public static Passphrase read(Path file) throws CairnException {
        try {
            if (PrivateFiles.isOpenToOthers(file)) {
                throw new CairnException(
                        ExitCode.SECRET_FILE,
                        "the passphrase file " + file + " may be read or changed by others",
                        "run: chmod 600 '" + file + "'");
            }
            try (InputStream in = Files.newInputStream(file)) {
                return read(in, "the passphrase file " + file);
            }
        } catch (NoSuchFileException e) {
            throw new CairnException(ExitCode.SECRET_FILE, "there is no passphrase file " + file, "", e);
        } catch (IOException e) {
            throw Failures.ofFile("cannot read the passphrase file " + file, e);
        }
    }

    /**
     * Reads one line to the end of a stream.
     *
     * @param source what it comes from, for messages
     */
    public static Passphrase read(InputStream in, String source) throws IOException, CairnException {
        byte[] bytes = in.readNBytes(Passphrase.MAX_BYTES + 3);
        try {
            int length = bytes.length;
            if (length > 0 && bytes[length - 1] == '\n') {
                length--;
            }
            if (length > 0 && bytes[length - 1] == '\r') {
                length--;
            }
            if (length == 0) {
                throw new CairnException(ExitCode.SECRET_FILE, source + " gives nothing", "want one line with it");
            }
            byte[] line = Arrays.copyOf(bytes, length);
            try {
                if (length > Passphrase.MAX_BYTES || contains(line, '\n')) {
                    throw new CairnException(
                            ExitCode.SECRET_FILE,
                            source + " gives more than one line of at most " + Passphrase.MAX_BYTES + " bytes",
                            "want one line with the passphrase");
                }
                return Passphrase.of(line);
            } finally {
                Arrays.fill(line, (byte) 0);
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Makes a key file (0600) with 256 random bits in it, as base64. */
    public static Passphrase createRandom(Path file) throws CairnException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Arrays.fill(random, (byte) 0);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                PrivateFiles.createDirectories(directory);
            }
            PrivateFiles.create(file, bytes);
            return Passphrase.of(bytes);
        } catch (IOException e) {
            throw Failures.ofFile("cannot make the key file " + file, e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static boolean contains(byte[] bytes, int wanted) {
        for (byte b : bytes) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }
}
