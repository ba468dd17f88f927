package org.cairnfs.core.objectstore.jclouds;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/**
 * The body of a response in memory, up to a bound: a store that sends more than it was asked for fails the call, before
 * anything near that is allocated. Its methods are called by one thread at a time, as reactive streams are.
 */
final class ResponseBody implements BodySubscriber<byte[]> {
    private static final int FIRST_LENGTH = 8192;

    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final long maxLength;
    private final Progress progress;
    private byte[] bytes;
    private int length;
    private Subscription subscription;

    /** @param maxLength the longest body to take, in bytes */
    ResponseBody(ResponseInfo response, long maxLength, Progress progress) {
        this.maxLength = maxLength;
        this.progress = progress;
        long announced = response.headers().firstValueAsLong("Content-Length").orElse(FIRST_LENGTH);
        this.bytes = new byte[(int) Math.max(0, Math.min(announced, maxLength))];
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        progress.moved();
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        progress.moved();
        for (ByteBuffer part : parts) {
            int more = part.remaining();
            if (length + (long) more > maxLength) {
                subscription.cancel();
                whole.completeExceptionally(
                        new IOException("the store sends more than the " + maxLength + " bytes that it may"));
                return;
            }
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(maxLength, Math.max(length + more, 2L * length)));
            }
            part.get(bytes, length, more);
            length += more;
        }
    }

    @Override
    public void onError(Throwable cause) {
        whole.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        progress.moved();
        whole.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }
}
