package org.cairnfs.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RecoveryKeyTest {
    private final RecoveryKey key = RecoveryKey.generate(new SecureRandom());

    @Test
    void whatIsPrintedReadsBack() {
        String printed = key.print();
        assertThat(printed).matches("([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}");
        assertThat(RecoveryKey.parse(printed).bytes()).isEqualTo(key.bytes());
    }

    @Test
    void peopleMayTypeItTheirWay() {
        String typed = key.print()
                .toLowerCase(Locale.ROOT)
                .replace('0', 'o')
                .replace('1', 'l')
                .replace("-", " ");
        assertThat(RecoveryKey.parse(" " + typed + "\n").bytes()).isEqualTo(key.bytes());
    }

    @Test
    void everyMistypedCharacterIsNoticed() {
        String printed = key.print();
        int noticed = 0;
        for (int i = 0; i < printed.length(); i++) {
            char c = printed.charAt(i);
            if (c != '-') {
                String wrong = printed.substring(0, i) + (c == '7' ? '8' : '7') + printed.substring(i + 1);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> RecoveryKey.parse(wrong))
                        .withMessageNotContaining(printed.substring(0, 4));
                noticed++;
            }
        }
        assertThat(noticed).isEqualTo(56);
    }

    @Test
    void whatIsNoneIsRefused() {
        String printed = key.print();
        for (String wrong : new String[] {
            "", "hello", printed + "0", printed.substring(1), printed + printed, "U".repeat(56), "é".repeat(56)
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> RecoveryKey.parse(wrong));
        }
    }
}
