package org.cairnfs.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairnfs.core.objectstore.StorageUrl;

/**
 * Where things of one user lie when nobody says otherwise: the XDG base directories.
 *
 * @param config keys and configuration, {@code ~/.config/cairn}
 * @param state state directories and the registry of running servers, {@code ~/.local/state/cairn}
 * @param data the file system that {@code cairn up} makes, {@code ~/.local/share/cairn}
 */
public record Directories(Path config, Path state, Path data) {
    /** As environment and user say. */
    public static Directories ofUser() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    static Directories of(Map<String, String> environment, String userHome) {
        Path home = Path.of(environment.getOrDefault("HOME", userHome));
        return new Directories(
                base(environment, "XDG_CONFIG_HOME", home.resolve(".config")),
                base(environment, "XDG_STATE_HOME", home.resolve(".local/state")),
                base(environment, "XDG_DATA_HOME", home.resolve(".local/share")));
    }

    /** Relative values are to be ignored, says the XDG specification. */
    private static Path base(Map<String, String> environment, String variable, Path preset) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> value.startsWith("/"))
                .map(Path::of)
                .orElse(preset)
                .resolve("cairn");
    }

    /** The state directory of a file system. */
    public Path stateOf(StorageUrl storage) {
        return state.resolve(StorageUrls.slug(storage));
    }

    /** The directory of a server that only reads a file system; another one may write to it from this machine, too. */
    public Path readerStateOf(StorageUrl storage) {
        return state.resolve(StorageUrls.slug(storage) + "-read-only");
    }

    /** Where commands that read a file system straight from its storage keep its metadata. */
    public Path viewOf(StorageUrl storage) {
        return state.resolve(StorageUrls.slug(storage) + "-view");
    }

    /** The key file that {@code up} makes for a file system; never in its state directory. */
    public Path keyFileOf(StorageUrl storage) {
        return config.resolve("keys").resolve(StorageUrls.slug(storage) + ".key");
    }

    /** The login to storages that is used where nobody says another. */
    public Path credentialsFile() {
        return config.resolve("credentials");
    }

    /** The registry of running servers. */
    public Path runs() {
        return state.resolve("run");
    }

    /** The folder that {@code up} serves when it is not told another. */
    public StorageUrl defaultStorage() {
        return StorageUrl.local(data.resolve("store"));
    }

    /** The configuration file that is read without {@code --config}: the user's, else the machine's, if any. */
    public Optional<Path> configFile() {
        return Stream.of(config.resolve("cairn.conf"), Path.of("/etc/cairn/cairn.conf"))
                .filter(Files::exists)
                .findFirst();
    }
}
