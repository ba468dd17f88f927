package org.cairnfs.server.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminHandler;
import org.cairnfs.server.admin.Messages;
import org.cairnfs.server.app.VolumeChecks.VerifyReport;
import org.cairnfs.server.app.VolumeChecks.VerifyRequest;

/** The operations of the admin channel that check. */
public final class CheckOperations {
    /** Checks, and mends if {@link #REPAIR} is true. Result: {@link VolumeChecks.CheckReport}. */
    public static final String CHECK = "fsck";

    public static final String REPAIR = "repair";

    /** Reads back what a {@link VerifyRequest} says. Result: {@link VerifyReport}. */
    public static final String VERIFY = "verify";

    private final VolumeChecks checks;

    CheckOperations(VolumeChecks checks) {
        this.checks = checks;
    }

    Map<String, AdminHandler> handlers() {
        return ImmutableMap.of(
                CHECK,
                (arguments, progress) -> checks.check(arguments.path(REPAIR).asBoolean(false), progress),
                VERIFY,
                this::verify);
    }

    private VerifyReport verify(JsonNode arguments, Progress progress) throws CairnException {
        VerifyRequest request;
        try {
            request = Messages.json().treeToValue(arguments, VerifyRequest.class);
        } catch (JsonProcessingException e) {
            throw new CairnException(ExitCode.USAGE, "that cannot be verified", "", e);
        }
        if (!(request.sample() > 0 && request.sample() <= 1) || request.sinceMillis() < 0) {
            throw new CairnException(ExitCode.USAGE, "a sample is a part over 0, up to 1", "");
        }
        return checks.verify(request, progress);
    }
}
