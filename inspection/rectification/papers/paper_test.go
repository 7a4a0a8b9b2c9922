package papers

import (
	"encoding/hex"
	"testing"

	"xuncha/inspection"
)

// TestIntact turns every byte of a text that was signed: none is taken for it.
func TestIntact(t *testing.T) {
	t.Parallel()
	kind := Kind{Name: "plan", Called: "方案"}
	content := map[string]string{"unit": "某单位", "promise": "对真实性负责。"}
	text, sum, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	p := Paper{Signed: text, Sum: sum}
	says, digest, err := Read(kind, p, map[string]string{"unit": "后来的"})
	if err != nil || says["unit"] != "某单位" || digest != hex.EncodeToString(sum) {
		t.Errorf("read %v under %s, %v", says, digest, err)
	}
	for i := range text {
		text[i] ^= 1
		if _, _, err := Read(kind, p, content); inspection.CodeOf(err) != "plan.altered" {
			t.Errorf("byte %d turned: %v", i, err)
		}
		text[i] ^= 1
	}
	for i := range sum {
		sum[i] ^= 1
		if _, _, err := Read(kind, p, content); inspection.CodeOf(err) != "plan.altered" {
			t.Errorf("byte %d of the digest turned: %v", i, err)
		}
		sum[i] ^= 1
	}
}
