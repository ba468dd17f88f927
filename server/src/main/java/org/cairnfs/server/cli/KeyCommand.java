package org.cairnfs.server.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.app.StoreKeys;
import org.cairnfs.server.app.StoreKeys.Slot;
import org.cairnfs.server.config.SecretFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn key}: who can open a file system. */
@Command(
        name = "key",
        description = {
            "Tell or change which passphrases and recovery keys open a file system. Each has a key slot in the storage, which wraps"
                    + " the key of the file system. A server that runs does not notice."
        },
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Runnable {
    private static final int SHORT_ID = 8;

    @Spec
    private CommandSpec spec;

    private KeyCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new KeyCommand())
                .addSubcommand(new KeyList(session))
                .addSubcommand(new Add(session))
                .addSubcommand(new Recovery(session))
                .addSubcommand(new Remove(session))
                .addSubcommand(new Rotate(session));
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** A recovery key that was made. */
    record Made(String recoveryKey) {}

    private static String describe(Slot slot) {
        return slot.id().substring(0, SHORT_ID) + ", "
                + slot.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (slot.label().isEmpty() ? "" : " '" + slot.label() + "'");
    }

    private static void print(KeyAccess command, String recoveryKey) {
        if (!command.printed(new Made(recoveryKey))) {
            MkfsCommand.printRecoveryKey(command.session(), recoveryKey);
        }
    }

    /** {@code cairn key list}. */
    @Command(name = "list", description = "List the key slots; * marks the one of the secret that was given.")
    static final class KeyList extends KeyAccess {
        KeyList(Session session) {
            super(session);
        }

        @Override
        void run(StoreKeys keys) {
            if (printed(keys.slots())) {
                return;
            }
            for (Slot slot : keys.slots()) {
                session()
                        .out()
                        .printf(
                                Locale.ROOT,
                                "%s %s  %-12s  %s  %s%n",
                                slot.opened() ? "*" : " ",
                                slot.id().substring(0, SHORT_ID),
                                slot.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                Instant.ofEpochMilli(slot.created()),
                                slot.label());
            }
        }
    }

    /** {@code cairn key add}. */
    @Command(name = "add", description = "Let one more passphrase open the file system.")
    static final class Add extends KeyAccess {
        @Mixin
        private NewSecretOptions fresh;

        @Option(names = "--label", paramLabel = "L", description = "What to call it; hidden in the storage.")
        private String label = "";

        Add(Session session) {
            super(session);
        }

        @Override
        void run(StoreKeys keys) throws CairnException {
            try (Passphrase passphrase = fresh.chosen(session())) {
                Slot slot = keys.add(passphrase, label);
                if (!printed(slot)) {
                    session().out().println("Added key slot " + describe(slot) + ".");
                }
            }
        }
    }

    /** {@code cairn key recovery}. */
    @Command(
            name = "recovery",
            description = "Make a recovery key, and print it this once: it stands in for a passphrase.")
    static final class Recovery extends KeyAccess {
        @Option(names = "--label", paramLabel = "L", description = "What to call it; hidden in the storage.")
        private String label = "";

        Recovery(Session session) {
            super(session);
        }

        @Override
        void run(StoreKeys keys) throws CairnException {
            print(this, keys.addRecoveryKey(label));
        }
    }

    /** {@code cairn key remove}. */
    @Command(
            name = "remove",
            description = {
                "Remove a key slot: its passphrase or recovery key does not open the file system any more.",
                "",
                "That takes back nothing that was copied: whoever used the secret, or copied the storage, may have the key itself"
                        + " and go on with it. Only 'cairn key rotate' keeps him from what is stored from then on."
            })
    static final class Remove extends KeyAccess {
        @Mixin
        private Confirmation confirmation;

        @Parameters(
                index = "1",
                paramLabel = "ID",
                description = "As 'cairn key list' prints it, or the beginning of that.")
        private String id;

        Remove(Session session) {
            super(session);
        }

        @Override
        void run(StoreKeys keys) throws CairnException {
            Slot slot = keys.find(id);
            confirmation.ask(
                    session(),
                    "remove key slot " + describe(slot)
                            + (slot.opened() ? ", whose secret you have just given" : "")
                            + "? It will open the file system no more");
            keys.remove(slot);
            if (!printed(slot)) {
                session()
                        .out()
                        .println(
                                "Removed. This revokes nothing that was copied before: see 'cairn key rotate --help'.");
            }
        }
    }

    /** {@code cairn key rotate}. */
    @Command(
            name = "rotate",
            description = {
                "Make new keys: whatever is stored from now on is sealed with them. Only the secret that you give, those of"
                        + " --keep-passphrase-file, and a new recovery key, which is printed, open the file system then; all"
                        + " other slots are dropped.",
                "",
                "Stop the server first. What is stored already stays readable to whoever has the old keys, and to you."
            })
    static final class Rotate extends KeyAccess {
        @Option(
                names = "--keep-passphrase-file",
                paramLabel = "F",
                description =
                        "A file with a further passphrase that shall go on opening it; may be given several times.")
        private List<Path> kept = new ArrayList<>();

        @Mixin
        private Confirmation confirmation;

        Rotate(Session session) {
            super(session);
        }

        @Override
        void run(StoreKeys keys) throws CairnException {
            List<Passphrase> passphrases = new ArrayList<>();
            try {
                for (Path file : kept) {
                    passphrases.add(SecretFile.read(session().workingDirectory().resolve(file)));
                }
                long dropped = Math.max(0, keys.slots().size() - 1 - passphrases.size());
                confirmation.ask(
                        session(),
                        "make new keys? " + StatusText.count(dropped, "other key slot")
                                + " will open the file system no more");
                print(this, keys.rotate(passphrases));
            } finally {
                passphrases.forEach(Passphrase::close);
            }
        }
    }
}
