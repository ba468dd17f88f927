package org.cairnfs.core.objectstore.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StorageUrl;

/**
 * Where people keep credentials. Each source reads anew whenever it is asked; files and commands say when that is worth while:
 * after a minute, and a file at once when it was changed.
 */
public final class CredentialsSources {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final Duration COMMAND_TIME = Duration.ofMinutes(1);

    private CredentialsSources() {}

    /** A file in the form of {@link CredentialsText}, which nobody but its owner may read or write. */
    public static CredentialsSource file(Path file, StorageUrl url) {
        return new PacedSource(fileReader(file, url), () -> stamp(file), System::nanoTime);
    }

    private static CredentialsSource fileReader(Path file, StorageUrl url) {
        return () -> {
            try {
                if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                    throw CredentialsText.wrong("the credentials file " + file
                            + " may be read or changed by others; run: chmod 600 '" + file + "'");
                }
                try (InputStream in = Files.newInputStream(file)) {
                    return CredentialsText.parse(file.toString(), text(in, file.toString()), url);
                }
            } catch (NoSuchFileException e) {
                throw new ObjectStoreException(Kind.CREDENTIALS, "there is no credentials file " + file, e);
            } catch (ObjectStoreException e) {
                throw e;
            } catch (IOException e) {
                throw new ObjectStoreException(
                        Kind.CREDENTIALS, "the credentials file " + file + " cannot be read: " + e.getMessage(), e);
            }
        };
    }

    /** What changes when a file is written or replaced, or its permissions are mended. */
    private static Map<String, Object> stamp(Path file) {
        try {
            return Files.readAttributes(file, "unix:ino,size,lastModifiedTime,ctime");
        } catch (IOException e) {
            return Map.of(); // reading it will tell
        }
    }

    /**
     * A command for the shell, which prints what a file would hold; {@code CAIRN_STORAGE_URL} in its environment says for what.
     * Its errors go to ours; it has a minute.
     */
    public static CredentialsSource command(String command, StorageUrl url) {
        return command(command, url, COMMAND_TIME);
    }

    static CredentialsSource command(String command, StorageUrl url, Duration time) {
        return new PacedSource(commandReader(command, url, time), () -> command, System::nanoTime);
    }

    private static CredentialsSource commandReader(String command, StorageUrl url, Duration time) {
        return () -> {
            try {
                ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectError(Redirect.INHERIT);
                builder.environment().put("CAIRN_STORAGE_URL", url.place());
                Process process = builder.start();
                try {
                    return CredentialsText.parse("the credentials command", output(process, time), url);
                } finally {
                    destroy(process);
                }
            } catch (ObjectStoreException e) {
                throw e;
            } catch (IOException e) {
                throw new ObjectStoreException(
                        Kind.CREDENTIALS, "the credentials command cannot be run: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ObjectStoreException(Kind.TRANSIENT, "interrupted while reading the credentials", e);
            }
        };
    }

    private static String output(Process process, Duration time) throws IOException, InterruptedException {
        Thread watch = new Thread(() -> destroyIfLate(process, time), "cairn-credentials");
        watch.setDaemon(true);
        watch.start();
        String text = text(process.getInputStream(), "the credentials command");
        int status = process.waitFor();
        if (status != 0) {
            throw CredentialsText.wrong("the credentials command ended with status " + status);
        }
        return text;
    }

    private static void destroyIfLate(Process process, Duration time) {
        try {
            if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                destroy(process);
            }
        } catch (InterruptedException e) {
            destroy(process);
        }
    }

    /** With what the shell began: it holds the pipe that is read to its end. */
    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String text(InputStream in, String source) throws IOException {
        byte[] bytes = in.readNBytes(CredentialsText.MAX_BYTES + 1);
        if (bytes.length > CredentialsText.MAX_BYTES) {
            throw CredentialsText.wrong(source + " is too long to be credentials");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The variables that each provider's own tools read. */
    public static CredentialsSource environment(Map<String, String> environment, StorageUrl url) {
        return () -> switch (url.scheme()) {
            case LOCAL -> throw CredentialsText.wrong("a folder needs no credentials");
            case S3, S3C ->
                variables(environment, url, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
            case B2 -> variables(environment, url, "B2_APPLICATION_KEY_ID", "B2_APPLICATION_KEY", "");
            case SWIFT ->
                environment.containsKey("ST_KEY")
                        ? variables(environment, url, "ST_USER", "ST_KEY", "")
                        : variables(environment, url, "OS_USERNAME", "OS_PASSWORD", "");
            case AZURE ->
                environment.containsKey("AZURE_STORAGE_SAS_TOKEN")
                        ? variables(environment, url, "", "AZURE_STORAGE_SAS_TOKEN", "")
                        : variables(environment, url, "", "AZURE_STORAGE_KEY", "");
            case GS -> {
                String file = environment.get("GOOGLE_APPLICATION_CREDENTIALS");
                if (file == null) {
                    throw missing("GOOGLE_APPLICATION_CREDENTIALS", url);
                }
                yield CredentialsText.ofGoogle(Path.of(file));
            }
        };
    }

    private static StoreCredentials variables(
            Map<String, String> environment, StorageUrl url, String login, String password, String token)
            throws ObjectStoreException {
        if ((!login.isEmpty() && !environment.containsKey(login)) || !environment.containsKey(password)) {
            throw missing(login.isEmpty() ? password : login + " and " + password, url);
        }
        return CredentialsText.make(
                "the environment",
                environment.getOrDefault(login, ""),
                environment.get(password),
                Optional.ofNullable(environment.get(token)).filter(value -> !value.isEmpty()),
                Optional.empty());
    }

    private static ObjectStoreException missing(String variables, StorageUrl url) {
        return CredentialsText.wrong("no credentials for " + url.place()
                + "; give --credentials-file or --credentials-command, or set " + variables);
    }
}
