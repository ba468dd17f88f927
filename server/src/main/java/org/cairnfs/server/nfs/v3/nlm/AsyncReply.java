package org.cairnfs.server.nfs.v3.nlm;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers to the {@code _MSG} procedures: calls in the other direction, over the connection that the question came on. The
 * client's own answer to them says nothing; a client that does not hear asks again.
 */
final class AsyncReply {
    private static final Logger log = LoggerFactory.getLogger(AsyncReply.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private AsyncReply() {}

    static void send(RpcConnection connection, int procedure, XdrWriter results) {
        CompletableFuture<XdrReader> unused = connection
                .call(NlmProgram.PROGRAM, NlmProgram.VERSION, procedure, RpcCredential.NONE, results, PATIENCE)
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        log.debug("{} has not confirmed an answer: {}", connection, failure.toString());
                    }
                });
    }
}
