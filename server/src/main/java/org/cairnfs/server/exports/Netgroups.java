package org.cairnfs.server.exports;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairnfs.server.HostCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The netgroups of this machine by getent(1), which asks whatever the machine is set up to ask: files, NIS, LDAP. Stateless. */
final class Netgroups {
    private static final Logger LOG = LoggerFactory.getLogger(Netgroups.class);

    /** netgroup(5): an empty field is for all, one that is "-" for none. */
    private static final Pattern TRIPLE = Pattern.compile("\\(\\s*([^,()\\s]*)\\s*,[^,()]*,[^,()]*\\)");

    private Netgroups() {}

    /** See {@link HostResolver#netgroup}. */
    static Set<String> hosts(String name) {
        try {
            return parse(HostCommand.output("getent", "netgroup", name).orElse(""));
        } catch (IOException e) {
            LOG.error("exports: netgroup {} cannot be asked for, and matches no client now: {}", name, e.getMessage());
            return Set.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        }
    }

    /** @param triples as getent prints them, behind the name of the group */
    static Set<String> parse(String triples) {
        Set<String> hosts = new HashSet<>();
        Matcher triple = TRIPLE.matcher(triples);
        while (triple.find()) {
            if (!triple.group(1).equals("-")) {
                hosts.add(triple.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return hosts;
    }
}
