package org.cairnfs.core.objectstore.jclouds;

import com.google.common.base.Supplier;
import com.google.inject.Injector;
import java.time.Clock;
import java.util.Date;
import org.jclouds.date.DateService;
import org.jclouds.date.TimeStamp;
import org.jclouds.http.HttpException;
import org.jclouds.http.HttpRequest;
import org.jclouds.rest.ConfiguresHttpApi;
import org.jclouds.s3.S3Client;
import org.jclouds.s3.config.S3HttpApiModule;
import org.jclouds.s3.filters.Aws4SignerBase.ServiceAndRegion;
import org.jclouds.s3.filters.RequestAuthorizeSignature;
import org.jclouds.s3.filters.RequestAuthorizeSignatureV4;

/**
 * Signs requests for a region that is told, not guessed from the host, at the time of a clock.
 *
 * <p>jclouds keeps one signer, with a {@code SimpleDateFormat} in it, for all threads; two that sign at once get wrong
 * signatures now and then. So each request has its own.
 */
@ConfiguresHttpApi
final class S3Module extends S3HttpApiModule<S3Client> {
    private final String region;
    private final Clock clock;

    S3Module(String region, Clock clock) {
        super(S3Client.class);
        this.region = region;
        this.clock = clock;
    }

    @Override
    protected void configure() {
        super.configure();
        bind(ServiceAndRegion.class).toInstance(new ServiceAndRegion() {
            @Override
            public String service() {
                return "s3";
            }

            @Override
            public String region(String host) {
                return region;
            }
        });
    }

    @Override
    protected RequestAuthorizeSignature providesRequestAuthorizeSignature(Injector injector, int version) {
        return new RequestAuthorizeSignature() {
            @Override
            public HttpRequest filter(HttpRequest request) throws HttpException {
                return injector.getInstance(RequestAuthorizeSignatureV4.class).filter(request);
            }

            /** For URLs that are given to others; there are none. */
            @Override
            public HttpRequest signForTemporaryAccess(HttpRequest request, long seconds) {
                throw new UnsupportedOperationException("nothing here needs signed URLs");
            }
        };
    }

    @Override
    protected Supplier<Date> provideTimeStampCacheDate(
            long seconds, @TimeStamp Supplier<String> timestamp, DateService dateService) {
        return () -> Date.from(clock.instant());
    }
}
