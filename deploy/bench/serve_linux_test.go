package bench

import (
	"bytes"
	"os"
	"testing"
)

// TestOwnMegabytes reads our own status, from the kernel that runs us.
func TestOwnMegabytes(t *testing.T) {
	t.Parallel()
	own, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := megabytes(bytes.NewReader(own), "VmHWM"); got < 1 || err != nil {
		t.Errorf("this test's own VmHWM = %v MB, %v", got, err)
	}
}
