package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.flush.FlushSettings;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.CredentialsSources;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.cairnfs.core.objectstore.factory.ObjectStores;
import org.cairnfs.core.testkit.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The login to the store ends while files are written: they wait, and go on when there is another login, without a restart. */
class NewCredentialsTest {
    private static final StoreCredentials OTHER = StoreCredentials.of("test-login", "another-password");
    private static final int BOUND = 4 << 20;
    private static final int BLOCK = 1 << 20;

    @TempDir
    Path folder;

    private void writeLogin(StoreCredentials credentials) throws Exception {
        Path file = Files.createFile(
                folder.resolve("new"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "login = " + credentials.login() + "\npassword = " + credentials.password() + "\n");
        Files.move(
                file,
                folder.resolve("credentials"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private CairnVolume open(StoreStack stack, String state) throws Exception {
        FlushSettings usual = FlushSettings.defaults();
        VolumeOptions options = VolumeOptions.defaults()
                .withFlush(new FlushSettings(
                        usual.idle(), usual.age(), BOUND, usual.dirtyHeap(), 2, usual.encodeMemory(), 1 << 20, 3));
        return CairnVolume.open(
                Buckets.open(stack.store(), Optional.<Secret>empty()),
                Files.createDirectories(folder.resolve(state)),
                options,
                bytes -> {});
    }

    /** Writes blocks from one on, until all are written or one is refused; returns how far it came. */
    private static int writeFrom(int from, FileSystem fs, FileHandle file, byte[] bytes) {
        for (int done = from; done < bytes.length; done += BLOCK) {
            int at = done;
            FsException refused = catchThrowableOfType(
                    FsException.class, () -> write(fs, file, at, Arrays.copyOfRange(bytes, at, at + BLOCK)));
            if (refused != null) {
                assertThat(refused.errno()).as("come again").isEqualTo(Errno.EAGAIN);
                return done;
            }
        }
        return bytes.length;
    }

    @Test
    void writersWaitForANewLoginAndGoOnWithoutARestart() throws Exception {
        byte[] bytes = random(1, 12 * BLOCK);
        writeLogin(S3Server.CREDENTIALS);
        try (S3Server server = S3Server.start()) {
            StorageUrl url = server.url("bucket");
            CredentialsSource login = CredentialsSources.file(folder.resolve("credentials"), url);
            StoreStack stack = StoreStack.over(ObjectStores.create(url, login), url);
            BucketOptions format = new BucketOptions(
                    "test", ChunkSizes.ofAverage(64 << 10), Compression.DEFAULT, new Argon2Cost(64, 1, 1));
            Buckets.create(stack.store(), format, List.of(), Clock.systemUTC()).close();
            CairnVolume volume = open(stack, "state");
            FileSystem fs = volume.fileSystem();
            FileHandle file = createFile(fs, "file");

            server.accept(OTHER);
            int done = writeFrom(0, fs, file, bytes);
            assertThat(done).as("up to the bound").isLessThanOrEqualTo(BOUND);
            assertThat(volume.flushFailure())
                    .as("status says what is wrong")
                    .hasValueSatisfying(failure -> assertThat(failure)
                            .contains("the store does not accept the credentials")
                            .doesNotContain(S3Server.CREDENTIALS.password()));
            assertThat(read(fs, file)).as("nothing is lost").startsWith(Arrays.copyOf(bytes, done));

            writeLogin(OTHER);
            while (done < bytes.length) { // as a client that comes again
                done = writeFrom(done, fs, file, bytes);
            }
            volume.flush(left -> {});
            assertThat(volume.dirtyBytes()).isZero();
            stop(volume);

            CairnVolume again = open(stack, "elsewhere");
            assertThat(read(again.fileSystem(), lookup(again.fileSystem(), "file")))
                    .isEqualTo(bytes);
            stop(again);
        }
    }
}
