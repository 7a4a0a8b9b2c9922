package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"xuncha/api"
)

// The tests that kill the demo run it as a copy of this program.
const asProgram = "XUNCHA_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// played is a demo that runs in another process.
type played struct {
	cmd    *exec.Cmd
	stderr bytes.Buffer
}

// play starts the demo and waits until it has said where it is.
func play(t *testing.T, env []string) *played {
	t.Helper()
	p := &played{cmd: program(t, env, "demo")}
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Signal(syscall.SIGTERM); _ = p.cmd.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "Ctrl-C") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return p
		}
	}
	_ = p.cmd.Wait()
	t.Fatalf("the demo does not start: %s", p.stderr.String())
	return nil
}

func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(append(os.Environ(), asProgram+"=1", "XUNCHA_DATABASE_URL="), env...)
	return cmd
}

// onStage is the environment of a demo in a folder of its own, on free ports.
func onStage(t *testing.T) (env []string, base string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "xuncha-test-") //nolint:usetesting // t.TempDir is closed to the server's account
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	env = []string{"XUNCHA_DATA=" + filepath.Join(dir, "data")}
	for _, name := range []string{"XUNCHA_ADDR", "XUNCHA_PUBLIC_ADDR", "XUNCHA_PORTAL_ADDR"} {
		addr := freeAddress(t)
		env = append(env, name+"="+addr)
		if name == "XUNCHA_ADDR" {
			base = "http://" + addr
		}
	}
	return env, base
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

var signOnID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// signOn signs a person of the cast on, as a browser does.
func signOn(t *testing.T, base, person string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	resp, err := client.Get(base + "/auth/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	id := signOnID.FindSubmatch(page)
	if id == nil {
		t.Fatalf("%s is no choice of people: %s", resp.Request.URL, page)
	}
	resp, err = client.PostForm(resp.Request.URL.ResolveReference(&url.URL{Path: "/choose"}).String(),
		url.Values{"id": {string(id[1])}, "person": {person}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got := resp.Request.URL.String(); !strings.HasPrefix(got, base) {
		t.Fatalf("signing on ends at %s", got)
	}
	return client
}

func whoAmI(t *testing.T, client *http.Client, base string) api.Me {
	t.Helper()
	resp, err := client.Get(base + "/v1/me")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var me api.Me
	if err := json.NewDecoder(resp.Body).Decode(&me); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	return me
}

// TestDemo starts the demo on an empty folder, signs on, is refused a second
// copy and a taken port, kills the demo and finds everything again.
func TestDemo(t *testing.T) {
	t.Parallel()
	env, base := onStage(t)
	p := play(t, env)
	client := signOn(t, base, "zhengyichuan")
	if me := whoAmI(t, client, base); me.Name != "郑一川" || len(me.Identities) != 1 || !me.Demo {
		t.Errorf("signed on as %+v", me)
	}
	if me := whoAmI(t, signOn(t, base, "shiyuan"), base); len(me.Identities) != 0 || len(me.Pending) != 1 {
		t.Errorf("somebody nobody knows is %+v, want one who waits", me)
	}
	refused(t, program(t, env, "demo"), "演示已在运行", "already running")
	other, _ := onStage(t)
	refused(t, program(t, append(other, env[1]), "demo"), "已被占用", "is taken")
	moved := append(env[:3:3], "XUNCHA_PORTAL_ADDR="+freeAddress(t))

	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	refused(t, program(t, moved, "demo"), "请沿用原端口", "keep its port")
	p = play(t, env)
	if me := whoAmI(t, client, base); me.Name != "郑一川" {
		t.Errorf("after a kill the session belongs to %+v", me)
	}
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("Ctrl-C: %v: %s", err, p.stderr.String())
	}
}

// refused runs a command that must fail and say why, in one line.
func refused(t *testing.T, cmd *exec.Cmd, want ...string) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("%v succeeds, want %s", cmd.Args, want)
	}
	if strings.Count(string(out), "\n") != 1 {
		t.Errorf("not one line: %s", out)
	}
	for _, w := range want {
		if !strings.Contains(string(out), w) {
			t.Errorf("%q is not in %s", w, out)
		}
	}
}

// TestDemoBeside runs a command beside a demo of its own.
func TestDemoBeside(t *testing.T) {
	t.Parallel()
	look := `set -e; curl -sf "$XUNCHA_URL/readyz"; curl -sf -o /dev/null "$XUNCHA_PORTAL_URL/.well-known/openid-configuration"; exit 3`
	var out bytes.Buffer
	cmd := program(t, nil, "demo", "--fresh", "sh", "-c", look)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if err == nil || !strings.Contains(out.String(), "ready\n") || !strings.Contains(out.String(), "exit status 3") {
		t.Errorf("err = %v, output %s", err, out.String())
	}
}
