package org.cairnfs.core.objectstore.jclouds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import org.jclouds.io.Payload;

/** The body of a request, of known length, which tells whenever a part of it was taken. */
final class RequestBody implements BodyPublisher {
    private final BodyPublisher parts;
    private final long length;
    private final Progress progress;

    /** @param length of the payload, in bytes */
    RequestBody(Payload payload, long length, Progress progress) {
        this.parts = BodyPublishers.ofInputStream(() -> {
            try {
                return payload.openStream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        this.length = length;
        this.progress = progress;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        parts.subscribe(new Subscriber<ByteBuffer>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer part) {
                progress.moved();
                subscriber.onNext(part);
            }

            @Override
            public void onError(Throwable cause) {
                subscriber.onError(cause);
            }

            @Override
            public void onComplete() {
                progress.sent(length);
                subscriber.onComplete();
            }
        });
    }
}
