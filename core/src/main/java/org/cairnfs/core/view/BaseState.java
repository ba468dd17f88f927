package org.cairnfs.core.view;

import com.google.common.base.Splitter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.shipping.BarrierMark;
import org.cairnfs.core.shipping.Shipper;

/**
 * What a directory remembers of the bucket.
 *
 * @param barrier whose rows the base holds
 * @param highest the longest chain that was seen: a shorter one was rolled back
 */
record BaseState(BarrierMark barrier, long highest) {
    private static final String VERSION = "1";

    Properties toProperties() {
        Properties properties = new Properties();
        Shipper.Standing standing = barrier.standing();
        properties.setProperty("version", VERSION);
        properties.setProperty("height", Long.toString(barrier.end().height()));
        properties.setProperty("link", barrier.end().link().toString());
        properties.setProperty("key", barrier.end().objectKey());
        properties.setProperty("sequence", Long.toString(standing.sequence()));
        properties.setProperty("at", Long.toString(standing.at().toEpochMilli()));
        properties.setProperty("position", text(standing.position()));
        properties.setProperty(
                "pieces", barrier.pieces().stream().map(BaseState::text).collect(Collectors.joining(" ")));
        properties.setProperty("highest", Long.toString(highest));
        return properties;
    }

    /** @throws IllegalArgumentException if that is not what {@link #toProperties} gives */
    static BaseState read(Properties properties) {
        if (!VERSION.equals(properties.getProperty("version"))) {
            throw new IllegalArgumentException("version " + properties.getProperty("version"));
        }
        ChainEnd end = new ChainEnd(
                number(properties, "height"),
                Link.parse(properties.getProperty("link", "")),
                chainKey(properties.getProperty("key", "")));
        Shipper.Standing standing = new Shipper.Standing(
                number(properties, "sequence"),
                Instant.ofEpochMilli(number(properties, "at")),
                position(properties.getProperty("position", "")));
        List<Logs.Position> pieces = new ArrayList<>();
        for (String piece : Splitter.on(' ').omitEmptyStrings().split(properties.getProperty("pieces", ""))) {
            pieces.add(position(piece));
        }
        return new BaseState(new BarrierMark(end, standing, pieces), number(properties, "highest"));
    }

    private static String chainKey(String key) {
        if (BucketLayout.rootSequence(key).isEmpty() && Logs.position(key).isEmpty()) {
            throw new IllegalArgumentException("'" + key + "' is no key of a chain's object");
        }
        return key;
    }

    private static long number(Properties properties, String name) {
        return Long.parseLong(properties.getProperty(name, ""));
    }

    private static String text(Logs.Position position) {
        return position.incarnation() + "/" + position.number();
    }

    private static Logs.Position position(String text) {
        List<String> parts = Splitter.on('/').splitToList(text);
        if (parts.size() != 2) {
            throw new IllegalArgumentException("'" + text + "' is no position in the log");
        }
        return new Logs.Position(Long.parseLong(parts.get(0)), Long.parseLong(parts.get(1)));
    }
}
