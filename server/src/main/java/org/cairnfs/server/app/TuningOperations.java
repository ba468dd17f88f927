package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.OptionalLong;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminHandler;

/** The operations of the admin channel that change a running server: caches, bandwidth and compression. */
public final class TuningOperations {
    /** Tells the caches; with {@link #MEMORY} or {@link #DISK}, numbers, resizes them before. Result: {@link VolumeStatus.Cache}. */
    public static final String CACHE_SIZE = "cache-size";

    /** Forgets the caches that {@link #MEMORY} and {@link #DISK}, booleans, name. Result: as of {@link #CACHE_SIZE}. */
    public static final String CACHE_DROP = "cache-drop";

    /** Fetches what is below {@link #PATH}. Result: {@link Tuning.Warmed}. */
    public static final String CACHE_WARM = "cache-warm";

    /** Tells the bounds of bandwidth; with {@link #UP} or {@link #DOWN} sets them. Result: {@link Tuning.Bandwidths}. */
    public static final String BANDWIDTH = "bandwidth";

    /** Tells the compression; with {@link #SPEC}, such as "zstd-9", sets it before. Result: {@link CompressionInForce}. */
    public static final String COMPRESSION = "compression";

    public static final String MEMORY = "memory";
    public static final String DISK = "disk";
    public static final String PATH = "path";
    public static final String UP = "up";
    public static final String DOWN = "down";
    public static final String SPEC = "spec";

    /** @param compression e.g. "zstd-3" */
    public record CompressionInForce(String compression) {}

    private final Tuning tuning;

    TuningOperations(Tuning tuning) {
        this.tuning = tuning;
    }

    Map<String, AdminHandler> handlers() {
        return Map.of(
                CACHE_SIZE, (arguments, progress) -> size(arguments),
                CACHE_DROP, (arguments, progress) -> drop(arguments),
                CACHE_WARM, this::warm,
                BANDWIDTH, (arguments, progress) -> bandwidth(arguments),
                COMPRESSION, (arguments, progress) -> compression(arguments));
    }

    private VolumeStatus.Cache size(JsonNode arguments) throws CairnException {
        tuning.resize(number(arguments, MEMORY), number(arguments, DISK));
        return tuning.caches();
    }

    private VolumeStatus.Cache drop(JsonNode arguments) {
        tuning.drop(
                arguments.path(MEMORY).asBoolean(false), arguments.path(DISK).asBoolean(false));
        return tuning.caches();
    }

    private Tuning.Warmed warm(JsonNode arguments, Progress progress) throws CairnException {
        return tuning.warm(arguments.path(PATH).asText("/"), progress);
    }

    private Tuning.Bandwidths bandwidth(JsonNode arguments) throws CairnException {
        tuning.limit(number(arguments, UP), number(arguments, DOWN));
        return tuning.bandwidths();
    }

    private CompressionInForce compression(JsonNode arguments) throws CairnException {
        JsonNode spec = arguments.path(SPEC);
        if (!spec.isMissingNode()) {
            try {
                tuning.compress(Compression.parse(spec.asText()));
            } catch (IllegalArgumentException e) {
                throw new CairnException(ExitCode.USAGE, e.getMessage(), "", e);
            }
        }
        return new CompressionInForce(tuning.compression().toString());
    }

    private static OptionalLong number(JsonNode arguments, String name) throws CairnException {
        JsonNode value = arguments.path(name);
        if (value.isMissingNode()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
            throw new CairnException(ExitCode.USAGE, "'" + name + "' is no number of bytes", "");
        }
        return OptionalLong.of(value.asLong());
    }
}
