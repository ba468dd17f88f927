package org.cairnfs.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Says in words for people, and with the right exit code, why local files or addresses could not be used. */
public final class Failures {
    private Failures() {}

    /**
     * A failed access to a local file or folder.
     *
     * @param doing what failed, e.g. "cannot write /var/lib/cairn/lock"
     */
    public static CairnException ofFile(String doing, IOException cause) {
        String reason = reason(cause);
        String lower = reason.toLowerCase(Locale.ROOT);
        if (isDiskFull(cause)) {
            return new CairnException(
                    ExitCode.DISK_FULL, doing + ": " + reason, "free some space there, then try again", cause);
        }
        String advice = cause instanceof AccessDeniedException
                ? "check its owner and permissions"
                : lower.contains("read-only") ? "choose a folder that can be written" : "";
        return new CairnException(ExitCode.STATE_UNUSABLE, doing + ": " + reason, advice, cause);
    }

    /** An address that could not be bound. */
    public static CairnException ofListen(InetSocketAddress address, IOException cause) {
        String where = address.getHostString() + ":" + address.getPort();
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return new CairnException(
                    ExitCode.PORT_IN_USE,
                    "port " + address.getPort() + " is in use on " + address.getHostString(),
                    "choose another with --port",
                    cause);
        }
        if (message.contains("ermission denied")) {
            return new CairnException(
                    ExitCode.PORT_IN_USE,
                    "only root may listen on port " + address.getPort(),
                    "choose one from 1024 with --port",
                    cause);
        }
        return new CairnException(
                ExitCode.USAGE,
                "cannot listen on " + where + ": " + message,
                "--listen wants an address of this machine",
                cause);
    }

    /** Whether a failure, or what caused it, is that a disk (or the user's quota on it) is full. */
    public static boolean isDiskFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof IOException
                    && (message.contains("no space left") || message.contains("quota exceeded"))) {
                return true;
            }
        }
        return false;
    }

    /** Why a file could not be used, in a few words; the JDK says no more than its name, at times. */
    public static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (cause instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
