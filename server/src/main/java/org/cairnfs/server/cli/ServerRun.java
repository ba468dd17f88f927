package org.cairnfs.server.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.CairnServer;
import org.cairnfs.server.config.Logging;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.StateDirectory;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.systemd.ServiceManager;

/**
 * Runs a server in this process from start to end, or has one run in the background.
 *
 * <p>SIGTERM and SIGINT stop it cleanly: they begin the JVM's shutdown, whose hook here stops the server and then ends the
 * process with the server's exit code in place of the signal's. A signal while it starts just ends the process: what was
 * journaled stays.
 */
final class ServerRun {
    private final Session session;
    private final CompletableFuture<ExitCode> ended = new CompletableFuture<>();

    private ServerRun(Session session) {
        this.session = session;
    }

    /** As --daemon says. Wipes the passphrase when it is no longer needed. */
    static int inForeOrBackground(
            Session session, ServeOptions options, StorageUrl storage, Optional<Passphrase> passphrase)
            throws CairnException {
        if (!options.isDaemon()) {
            return new ServerRun(session)
                    .run(options, storage, passphrase, true, new ProgressDisplay(session), ready -> {
                        if (options.isJson()) {
                            session.out().println(Output.line(ready));
                            session.out().flush();
                        } else {
                            ready.print(session.out());
                        }
                    });
        }
        options.config(session); // their errors here, not in the child
        options.exports();
        options.listen();
        options.claim();
        Ready ready = Daemon.launch(
                session, options.state(session, storage), options.childArguments(session, storage), passphrase);
        if (options.isJson()) {
            session.out().println(Output.line(ready));
        } else {
            ready.print(session.out());
        }
        options.warning().ifPresent(session::say);
        return ExitCode.OK.number();
    }

    /** In the process that {@link Daemon#launch} made: tells its parent, then is silent. */
    static int asChild(Session session, ServeOptions options, StorageUrl storage, Optional<Passphrase> passphrase)
            throws CairnException {
        Daemon.ToParent parent = new Daemon.ToParent(session.out());
        try {
            return new ServerRun(session).run(options, storage, passphrase, false, parent, ready -> {
                parent.ready(ready);
                System.setOut(new PrintStream(OutputStream.nullOutputStream(), true));
            });
        } catch (CairnException e) {
            parent.failed(e);
            throw e;
        }
    }

    /** Hears that the server is ready. */
    private interface WhenReady {
        void accept(Ready ready) throws CairnException;
    }

    private int run(
            ServeOptions options,
            StorageUrl storage,
            Optional<Passphrase> passphrase,
            boolean console,
            Progress progress,
            WhenReady whenReady)
            throws CairnException {
        ServerConfig config = options.config(session);
        Exports exports = options.exports();
        InetSocketAddress listen = options.listen();
        StateDirectory state = StateDirectory.take(options.state(session, storage));
        Logging.start(state.path(), config.logLevel(), console);
        ServiceManager systemd = ServiceManager.of(System.getenv());
        CairnServer server;
        try {
            server = CairnServer.start(
                    new CairnServer.Options(
                            storage,
                            passphrase,
                            state,
                            listen,
                            exports,
                            config,
                            options.claim(),
                            session.directories().runs(),
                            options.mount()),
                    session.components(),
                    (phase, done, total, unit) -> {
                        progress.report(phase, done, total, unit);
                        systemd.report(phase, done, total, unit);
                    });
        } finally {
            passphrase.ifPresent(Passphrase::close);
            if (progress instanceof ProgressDisplay display) {
                display.close();
            }
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopBySignal(server, config), "stop"));
        Ready ready = Ready.of(server);
        whenReady.accept(ready);
        server.onStopping(() -> systemd.stopping("stopping, uploading what is not in the store yet"));
        systemd.ready("serving " + ready.storage() + " on port " + ready.port(), server::isWell);
        try {
            ExitCode code = server.awaitEnd();
            systemd.close();
            Logging.stop();
            ended.complete(code);
            return code.number();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        }
    }

    private void stopBySignal(CairnServer server, ServerConfig config) {
        if (ended.isDone()) {
            return;
        }
        session.say(
                server.options().claim().isReadOnly()
                        ? "stopping"
                        : "stopping, uploading what is not in the store yet");
        try (ProgressDisplay progress = new ProgressDisplay(session)) {
            if (!server.stop(config.stopTimeout(), progress)) {
                session.say("stopped cleanly here, but not everything is in the object store yet;"
                        + " the next start uploads it");
            }
        } catch (CairnException e) {
            session.say(e.toLine());
        }
        Runtime.getRuntime().halt(ended.join().number());
    }
}
