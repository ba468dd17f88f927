package org.cairnfs.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.Messages.Answer;
import org.cairnfs.server.admin.Messages.ProgressEvent;
import org.cairnfs.server.admin.Messages.Request;

class MessagesProperties {
    private static byte[] withoutEnd(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        return text.stripTrailing().getBytes(StandardCharsets.UTF_8);
    }

    @Property
    void whateverIsInThemMessagesAreOneLineAndComeBack(
            @ForAll String text, @ForAll long done, @ForAll long total, @ForAll Progress.Unit unit) throws Exception {
        // Lone surrogates have no UTF-8.
        String words = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        ProgressEvent event = new ProgressEvent(words, done, total, unit);
        assertThat(Messages.parseAnswer(withoutEnd(Messages.progress(event))).progress())
                .contains(event);
        Request request = Messages.parseRequest(withoutEnd(
                Messages.request(words, JsonNodeFactory.instance.objectNode().put(words, done))));
        assertThat(request.operation()).isEqualTo(words);
        assertThat(request.arguments().path(words).asLong()).isEqualTo(done);
    }

    @Property
    void errorsComeBack(@ForAll ExitCode code, @ForAll @NotBlank String text) throws Exception {
        String words = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        CairnException sent = new CairnException(code, words, words);
        CairnException received =
                Messages.parseAnswer(withoutEnd(Messages.error(sent))).error().orElseThrow();
        assertThat(received.exitCode()).isEqualTo(code);
        assertThat(received.toLine()).isEqualTo(sent.toLine()).doesNotContain("\n", "\r");
    }

    /** Bytes of any kind are a message or a refusal, never something else. */
    @Property
    void anyBytesAreParsedOrRefused(@ForAll byte[] bytes) {
        try {
            Answer answer = Messages.parseAnswer(bytes);
            assertThat(answer.error().isPresent()
                            || answer.result().isPresent()
                            || answer.progress().isPresent())
                    .isTrue();
        } catch (CairnException e) {
            assertThat(e.exitCode()).isEqualTo(ExitCode.SERVER_NOT_ANSWERING);
        }
    }
}
