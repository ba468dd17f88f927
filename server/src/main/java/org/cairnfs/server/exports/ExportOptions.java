package org.cairnfs.server.exports;

import java.util.Optional;
import java.util.Set;

/**
 * The options in parentheses, as far as they were read; starts with the defaults of exports(5). Immutable: each option makes
 * another value.
 */
record ExportOptions(
        boolean readOnly,
        boolean sync,
        Squash squash,
        int anonymousUid,
        int anonymousGid,
        boolean secure,
        ExportSecurity security) {
    static final ExportOptions DEFAULT =
            new ExportOptions(true, true, Squash.ROOT, Export.NOBODY, Export.NOBODY, true, ExportSecurity.DEFAULT);

    /** Options of the kernel's server that change nothing here, accepted so that an existing file can be taken over. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "subtree_check",
            "no_subtree_check",
            "wdelay",
            "no_wdelay",
            "hide",
            "nohide",
            "crossmnt",
            "auth_nlm",
            "no_auth_nlm",
            "secure_locks",
            "insecure_locks",
            "no_acl",
            "acl");

    /** An option that cannot be had, and why. */
    static final class BadOption extends Exception {
        private static final long serialVersionUID = 1L;

        BadOption(String message) {
            super(message);
        }
    }

    /** These options and one more, as it stands between the commas. */
    ExportOptions with(String option) throws BadOption {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(option.substring(equals + 1));
        switch (name) {
            case "anonuid", "anongid", "sec", "xprtsec", "fsid" -> {
                return withValue(name, value.orElseThrow(() -> new BadOption("'" + name + "' wants a value")));
            }
            default -> {
                if (value.isPresent()) {
                    throw new BadOption("there is no option '" + name + "' with a value");
                }
                return withFlag(name);
            }
        }
    }

    private ExportOptions withFlag(String name) throws BadOption {
        return switch (name) {
            case "ro" -> new ExportOptions(true, sync, squash, anonymousUid, anonymousGid, secure, security);
            case "rw" -> new ExportOptions(false, sync, squash, anonymousUid, anonymousGid, secure, security);
            case "sync" -> new ExportOptions(readOnly, true, squash, anonymousUid, anonymousGid, secure, security);
            case "async" -> new ExportOptions(readOnly, false, squash, anonymousUid, anonymousGid, secure, security);
            case "root_squash" -> withSquash(Squash.ROOT);
            case "no_root_squash" -> withSquash(Squash.NONE);
            case "all_squash" -> withSquash(Squash.ALL);
            case "no_all_squash" -> squash == Squash.ALL ? withSquash(Squash.ROOT) : this;
            case "secure" -> new ExportOptions(readOnly, sync, squash, anonymousUid, anonymousGid, true, security);
            case "insecure" -> new ExportOptions(readOnly, sync, squash, anonymousUid, anonymousGid, false, security);
            case "" -> throw new BadOption("an option is missing");
            default -> {
                if (!WITHOUT_EFFECT.contains(name)) {
                    throw new BadOption("there is no option '" + name + "'");
                }
                yield this;
            }
        };
    }

    private ExportOptions withValue(String name, String value) throws BadOption {
        return switch (name) {
            case "anonuid" ->
                new ExportOptions(readOnly, sync, squash, id(name, value), anonymousGid, secure, security);
            case "anongid" ->
                new ExportOptions(readOnly, sync, squash, anonymousUid, id(name, value), secure, security);
            case "sec" ->
                withSecurity(
                        security.withFlavors(value)
                                .orElseThrow(
                                        () -> new BadOption(
                                                "sec=" + value
                                                        + ": want each security flavor once, of sys, krb5, krb5i and krb5p, with ':' between")));
            case "xprtsec" ->
                withSecurity(security.withTransports(value)
                        .orElseThrow(() -> new BadOption(
                                "xprtsec=" + value + ": want each once, of none, tls and mtls, with ':' between")));
            // The kernel needs fsid to tell file systems apart; handles of Cairn do that by themselves.
            default -> this;
        };
    }

    private ExportOptions withSecurity(ExportSecurity other) {
        return new ExportOptions(readOnly, sync, squash, anonymousUid, anonymousGid, secure, other);
    }

    private ExportOptions withSquash(Squash other) {
        return new ExportOptions(readOnly, sync, other, anonymousUid, anonymousGid, secure, security);
    }

    private static int id(String name, String value) throws BadOption {
        if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) > 0xFFFF_FFFFL) {
            throw new BadOption(name + " wants a number from 0 to 4294967295, not '" + value + "'");
        }
        return Integer.parseUnsignedInt(value);
    }

    Export export(String path, ClientPattern client) {
        return new Export(path, client, readOnly, sync, squash, anonymousUid, anonymousGid, secure, security);
    }
}
