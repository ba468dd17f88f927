package org.cairnfs.server.exports;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.server.exports.ExportOptions.BadOption;
import org.cairnfs.server.exports.ExportsScanner.Word;

/**
 * Reads the syntax of exports(5): lines of {@code PATH CLIENT(OPTIONS) ...}, with {@code -OPTIONS} as the defaults of what follows
 * on the line.
 *
 * <p>Stricter than exportfs in what is a trap there: a space before the parenthesis (which would export to the world), a path
 * without a client (the same), an unknown option, the same path twice for the same client.
 */
final class ExportsParser {
    /** More than one server can have use for. */
    private static final int MAX_EXPORTS = 10_000;

    private final String source;
    private final List<Export> exports = new ArrayList<>();
    private final Map<Object, Integer> lineOf = new HashMap<>();

    private ExportsParser(String source) {
        this.source = source;
    }

    /** @param source what the text comes from, for messages */
    static ExportTable parse(String source, String text, HostResolver resolver) throws ExportsSyntaxException {
        ExportsParser parser = new ExportsParser(source);
        for (List<Word> line : new ExportsScanner(source, text).lines()) {
            parser.line(line);
        }
        return new ExportTable(parser.exports, resolver);
    }

    private void line(List<Word> words) throws ExportsSyntaxException {
        Word first = words.get(0);
        String path = ExportsScanner.normalize(first.text())
                .orElseThrow(() -> at(
                        first,
                        0,
                        "'" + first.text() + "' is no path to export",
                        "it begins with / and has no . or .."));
        ExportOptions defaults = ExportOptions.DEFAULT;
        int clients = 0;
        for (Word word : words.subList(1, words.size())) {
            if (!word.plain()) {
                throw at(word, 0, "a client is written without quotes and escapes", "");
            }
            if (word.text().startsWith("-")) {
                defaults = options(word, 1, word.text().length(), ExportOptions.DEFAULT);
            } else {
                client(path, word, defaults);
                clients++;
            }
        }
        if (clients == 0) {
            throw at(first, 0, "no client for " + path, "write who may mount it; * is everybody");
        }
    }

    private void client(String path, Word word, ExportOptions defaults) throws ExportsSyntaxException {
        String text = word.text();
        int open = text.indexOf('(');
        if (open == 0) {
            throw at(
                    word,
                    0,
                    "options without a client: with a space before it, '(' would mean everybody",
                    "remove the space, or write *(...)");
        }
        ExportOptions options = defaults;
        if (open > 0) {
            if (!text.endsWith(")")) {
                throw at(word, open, "want ')' at the end of the options", "no spaces between the parentheses");
            }
            options = open + 1 == text.length() - 1 ? defaults : options(word, open + 1, text.length() - 1, defaults);
        }
        ClientPattern client = pattern(word, open > 0 ? text.substring(0, open) : text);
        Integer before = lineOf.putIfAbsent(List.of(path, client), word.line());
        if (before != null) {
            throw at(word, 0, path + " is exported to " + client + " in line " + before + " already", "");
        }
        if (exports.size() == MAX_EXPORTS) {
            throw at(word, 0, "more than " + MAX_EXPORTS + " exports", "");
        }
        exports.add(options.export(path, client));
    }

    private ExportOptions options(Word word, int from, int to, ExportOptions start) throws ExportsSyntaxException {
        ExportOptions options = start;
        int position = from;
        for (String option : word.text().substring(from, to).split(",", -1)) {
            try {
                options = options.with(option);
            } catch (BadOption e) {
                throw at(word, position, String.valueOf(e.getMessage()), "");
            }
            position += option.length() + 1;
        }
        return options;
    }

    private ClientPattern pattern(Word word, String text) throws ExportsSyntaxException {
        if (text.equals("*")) {
            return new ClientPattern.Anyone();
        }
        if (text.startsWith("@")) {
            if (!text.matches("@[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")) {
                throw at(word, 0, "'" + text + "' is no name of a netgroup", "");
            }
            return new ClientPattern.Netgroup(text.substring(1));
        }
        int slash = text.indexOf('/');
        Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
        if (slash >= 0) {
            InetAddress network = address.orElseThrow(
                    () -> at(word, 0, "'" + text.substring(0, slash) + "' is no address of a network", ""));
            return new ClientPattern.Network(
                    network, prefixLength(word, slash + 1, text.substring(slash + 1), network));
        }
        if (address.isPresent()) {
            return new ClientPattern.Network(address.get(), address.get().getAddress().length * 8);
        }
        return name(word, text.toLowerCase(Locale.ROOT));
    }

    private ClientPattern name(Word word, String name) throws ExportsSyntaxException {
        if (name.matches("[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?") && !name.matches("[0-9.]+")) {
            return new ClientPattern.Host(name);
        }
        if (name.matches("[a-z0-9_.*?\\[\\]!^-]{1,253}") && !name.matches("[0-9.]+") && Glob.isValid(name)) {
            return new ClientPattern.HostGlob(name);
        }
        throw at(word, 0, "'" + name + "' is no host, address, network or pattern", "");
    }

    /** Only addresses as they are written in full: what the resolver would make of "10.1" is nobody's intent. */
    private static Optional<InetAddress> address(String text) {
        return text.indexOf('%') < 0 && InetAddresses.isInetAddress(text)
                ? Optional.of(InetAddresses.forString(text))
                : Optional.empty();
    }

    private int prefixLength(Word word, int position, String text, InetAddress network) throws ExportsSyntaxException {
        int bits = network.getAddress().length * 8;
        if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= bits) {
            return Integer.parseInt(text);
        }
        Optional<InetAddress> mask = address(text);
        if (mask.isPresent() && mask.get().getAddress().length * 8 == bits && bits == 32) {
            int value = InetAddresses.coerceToInteger(mask.get());
            int ones = Integer.bitCount(value);
            if (ones == 0 || value == -1 << (32 - ones)) {
                return ones;
            }
        }
        throw at(word, position, "'" + text + "' is no prefix length or netmask of this network", "want 0 to " + bits);
    }

    private ExportsSyntaxException at(Word word, int offset, String message, String advice) {
        return new ExportsSyntaxException(source, word.line(), word.column() + offset, message, advice);
    }
}
