package org.cairnfs.server.nfs.rpc.gss;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ietf.jgss.GSSException;

/**
 * A mechanism that proves nothing: tokens are names, and both sides protect messages with the name as the key. A name that ends with "?" is
 * asked for a second token; "nobody" is not accepted; one with a number, such as "user:5", has a context for so many seconds.
 */
final class ToyMechanism implements SecurityMechanism {
    private static final int MIC_BYTES = 32;

    @Override
    public ToyContext newContext() {
        return new ToyContext();
    }

    /** Both sides of a context. */
    static final class ToyContext implements Context {
        private String name = "";
        private boolean established;

        @Override
        public byte[] accept(byte[] token) throws GSSException {
            name += new String(token, StandardCharsets.UTF_8);
            if (name.equals("nobody")) {
                throw new GSSException(GSSException.DEFECTIVE_CREDENTIAL, 7, "is nobody");
            }
            established = !name.endsWith("?");
            return ("hello " + name).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isEstablished() {
            return established;
        }

        @Override
        public String initiator() {
            return name + "@TEST";
        }

        @Override
        public int lifetimeSeconds() {
            return name.matches("\\w+:\\d{1,9}")
                    ? Integer.parseInt(name.substring(name.indexOf(':') + 1))
                    : Integer.MAX_VALUE;
        }

        @Override
        public byte[] mic(byte[] message) {
            return Hashing.hmacSha256(("key of " + name).getBytes(StandardCharsets.UTF_8))
                    .hashBytes(message)
                    .asBytes();
        }

        @Override
        public void verifyMic(byte[] mic, byte[] message) throws GSSException {
            if (!Arrays.equals(mic, mic(message))) {
                throw new GSSException(GSSException.BAD_MIC);
            }
        }

        @Override
        public byte[] wrap(byte[] message) {
            byte[] wrapped = Arrays.copyOf(mic(message), MIC_BYTES + message.length);
            for (int i = 0; i < message.length; i++) {
                wrapped[MIC_BYTES + i] = (byte) ~message[i];
            }
            return wrapped;
        }

        @Override
        public byte[] unwrap(byte[] wrapped) throws GSSException {
            byte[] message = Arrays.copyOfRange(wrapped, Math.min(MIC_BYTES, wrapped.length), wrapped.length);
            for (int i = 0; i < message.length; i++) {
                message[i] = (byte) ~message[i];
            }
            verifyMic(Arrays.copyOf(wrapped, MIC_BYTES), message);
            return message;
        }
    }
}
