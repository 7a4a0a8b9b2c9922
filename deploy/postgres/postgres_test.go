package postgres_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/deploy/postgres"
)

// The tests that kill the supervising process run it as a copy of this program.
const holdDir = "POSTGRES_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdDir); dir != "" {
		hold(dir)
		return
	}
	os.Exit(m.Run())
}

// hold starts the server of dir, says where it is, and stays until its standard
// input ends.
func hold(dir string) {
	s, err := postgres.Start(context.Background(), postgres.Options{Dir: dir})
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	fmt.Println("started", s.PID(), s.URL(postgres.Superuser, "postgres"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(); err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
}

// holder is another process that runs a server.
type holder struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	pid   int    // of its server
	url   string // of its server
}

// startHolder starts a copy of this program that runs the server of dir, as the
// given user if that is not nil.
func startHolder(t *testing.T, dir string, as *syscall.Credential) *holder {
	t.Helper()
	h := &holder{cmd: exec.Command(program(t))}
	h.cmd.Env = append(os.Environ(), holdDir+"="+dir)
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if as != nil {
		h.cmd.Dir = "/" // ours may be closed to them
	}
	h.cmd.Stderr = os.Stderr
	var err error
	if h.stdin, err = h.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.stdin.Close(); _ = h.cmd.Wait() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	if _, err := fmt.Sscanf(line, "started %d %s", &h.pid, &h.url); err != nil {
		t.Fatalf("the other process says %q", line)
	}
	return h
}

// program returns a copy of this program that any user may run.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder(t), "hold")
	if err := os.WriteFile(path, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// folder returns a folder that every user may pass through.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "xuncha-test-") //nolint:usetesting // t.TempDir is closed to the server's account
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *postgres.Server {
	t.Helper()
	s, err := postgres.Start(t.Context(), postgres.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// write stores n rows and returns when the server has acknowledged each.
func write(t *testing.T, url string, n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `create table if not exists kept (n int)`); err != nil {
		t.Fatal(err)
	}
	for range n {
		if _, err := conn.Exec(t.Context(), `insert into kept values (1)`); err != nil {
			t.Fatal(err)
		}
	}
}

func count(t *testing.T, url string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), `select count(*) from kept`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStartStopStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "data")
	s := start(t, dir)
	write(t, s.URL(postgres.Superuser, "postgres"), 3)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if n := count(t, again.URL(postgres.Superuser, "postgres")); n != 3 {
		t.Errorf("%d rows after a restart, want 3", n)
	}
	if left := sockets(t, dir); left != 1 {
		t.Errorf("%d socket folders noted, want the running one", left)
	}
}

// sockets counts the socket folders that the cluster of dir knows and that exist.
func sockets(t *testing.T, dir string) int {
	t.Helper()
	note, err := os.ReadFile(filepath.Join(dir, "postgres.socket"))
	if err != nil {
		return 0
	}
	if _, err := os.Stat(string(note)); err != nil {
		return 0
	}
	return 1
}

func TestChineseCharactersAreLetters(t *testing.T) {
	t.Parallel()
	s := start(t, folder(t))
	conn, err := pgx.Connect(t.Context(), s.URL(postgres.Superuser, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var letters bool
	if err := conn.QueryRow(t.Context(), `select '整改' ~ '^\w+$'`).Scan(&letters); err != nil || !letters {
		t.Errorf("the server's locale does not know Chinese: %v, %v", letters, err)
	}
}

func TestSecondCopyIsRefused(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	h := startHolder(t, dir, nil)
	_, err := postgres.Start(t.Context(), postgres.Options{Dir: dir})
	inUse, ok := errors.AsType[*postgres.InUseError](err)
	if !ok {
		t.Fatalf("second copy: %v, want an InUseError", err)
	}
	if inUse.PID != h.cmd.Process.Pid || inUse.Dir != dir {
		t.Errorf("refused because of process %d in %s, want %d in %s", inUse.PID, inUse.Dir, h.cmd.Process.Pid, dir)
	}
	if err := alive(h.pid); err != nil {
		t.Errorf("the first copy's server: %v", err)
	}
}

func alive(pid int) error { return syscall.Kill(pid, 0) }

// gone waits until no such process runs; a zombie does not run.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 1000 {
		if command, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); len(command) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("process %d still runs", pid)
}

func TestKillSupervisor(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	h := startHolder(t, dir, nil)
	write(t, h.url, 10)
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone(t, h.pid) // by itself: nobody is left who could ask it
	s := start(t, dir)
	if n := count(t, s.URL(postgres.Superuser, "postgres")); n != 10 {
		t.Errorf("%d rows, want 10", n)
	}
}

func TestKillBothAndStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	for round := 1; round <= 3; round++ {
		h := startHolder(t, dir, nil)
		write(t, h.url, 10)
		for _, pid := range []int{h.cmd.Process.Pid, h.pid} {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		s := start(t, dir)
		if n := count(t, s.URL(postgres.Superuser, "postgres")); n != 10*round {
			t.Errorf("round %d: %d rows, want %d", round, n, 10*round)
		}
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// A server that was killed and that nobody reaps answers signals for ever.
func TestUnreapedServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	write(t, s.URL(postgres.Superuser, "postgres"), 1)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	zombie := bare(t, dir)
	if err := zombie.Process.Kill(); err != nil { // and no Wait
		t.Fatal(err)
	}
	gone(t, zombie.Process.Pid)
	if err := alive(zombie.Process.Pid); err != nil {
		t.Fatalf("the server is no zombie: %v", err)
	}
	again := start(t, dir)
	if n := count(t, again.URL(postgres.Superuser, "postgres")); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

// A server without a master, as one without the kernel's help would be.
func TestOrphanedServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := start(t, dir).Stop(); err != nil {
		t.Fatal(err)
	}
	orphan := bare(t, dir)
	go func() { _ = orphan.Wait() }()
	write(t, start(t, dir).URL(postgres.Superuser, "postgres"), 1)
	gone(t, orphan.Process.Pid)
}

// bare starts a server on the cluster of dir without a supervisor.
func bare(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	bin, err := postgres.Find("", 0)
	if err != nil {
		t.Fatal(err)
	}
	cluster := filepath.Join(dir, "postgres")
	info, err := os.Stat(cluster)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	cmd := exec.Command(filepath.Join(bin, "postgres"), "-D", cluster,
		"-c", "listen_addresses=", "-c", "unix_socket_directories="+cluster)
	cmd.Dir = cluster
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	for range 1000 {
		if b, _ := os.ReadFile(filepath.Join(cluster, "postmaster.pid")); strings.Contains(string(b), "ready") {
			return cmd
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the bare server does not get ready")
	return nil
}

// Process numbers are used again: the one in the pid file may be anybody's.
func TestForeignProcessInPIDFile(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := start(t, dir).Stop(); err != nil {
		t.Fatal(err)
	}
	cluster := filepath.Join(dir, "postgres")
	info, err := os.Stat(cluster)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	other := exec.Command("sleep", "60")
	if os.Geteuid() == 0 {
		other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Process.Kill(); _ = other.Wait() })
	stale := fmt.Sprintf("%d\n%s\n1700000000\n5432\n/tmp/xuncha-nowhere\n\n  1 1\nready   \n", other.Process.Pid, cluster)
	if err := os.WriteFile(filepath.Join(cluster, "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if command, _ := os.ReadFile("/proc/" + strconv.Itoa(other.Process.Pid) + "/cmdline"); len(command) == 0 {
		t.Error("the innocent process was ended")
	}
}

// A first start that was killed halfway must not look like a made cluster.
func TestHalfMadeCluster(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	half := filepath.Join(dir, "postgres.new")
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestRemove(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "data")
	if err := start(t, dir).Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder is still there: %v", err)
	}
}

func TestProvide(t *testing.T) {
	t.Parallel()
	s := start(t, folder(t))
	filled := 0
	fill := func(err error) func(context.Context, string) error {
		return func(_ context.Context, database string) error {
			write(t, s.URL(postgres.Superuser, database), 1)
			filled++
			return err
		}
	}
	interrupted := errors.New("interrupted")
	if err := s.Provide(t.Context(), "kept", postgres.Superuser, fill(interrupted)); !errors.Is(err, interrupted) {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Provide(t.Context(), "kept", postgres.Superuser, fill(nil)); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s.URL(postgres.Superuser, "kept")); n != 1 || filled != 2 {
		t.Errorf("%d rows after filling %d times, want 1 after an interrupted and a whole time", n, filled)
	}
}

func TestLongFolderName(t *testing.T) {
	t.Parallel()
	start(t, filepath.Join(folder(t), strings.Repeat("a long name ", 10), "data"))
}

// As root, both the start by root and the start by an ordinary user are tried.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("not root: every other test of this file runs as an ordinary user")
		return
	}
	const uid = 65534
	dir := folder(t)
	if err := os.Chown(dir, uid, uid); err != nil {
		t.Fatal(err)
	}
	h := startHolder(t, dir, &syscall.Credential{Uid: uid, Gid: uid})
	write(t, h.url, 1)
	_ = h.stdin.Close()
	if err := h.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	// Root takes the folder over and leaves it usable for the user.
	s := start(t, dir)
	write(t, s.URL(postgres.Superuser, "postgres"), 1)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	h = startHolder(t, dir, &syscall.Credential{Uid: uid, Gid: uid})
	if n := count(t, h.url); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

// Root's home is closed to everybody, and so to user postgres.
func TestClosedFolderAbove(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Log("not root: the server runs as ourselves, and no folder of ours is closed to us")
		return
	}
	closed := folder(t)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	s := start(t, dir)
	write(t, s.URL(postgres.Superuser, "postgres"), 1)
	cluster, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(cluster) })
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, start(t, dir).URL(postgres.Superuser, "postgres")); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	if info, err := os.Stat(closed); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the closed folder was opened: %v, %v", info.Mode(), err)
	}
}

func TestBadSettingIsExplained(t *testing.T) {
	t.Parallel()
	began := time.Now()
	_, err := postgres.Start(t.Context(), postgres.Options{
		Dir: folder(t), Settings: map[string]string{"shared_buffers": "many"},
	})
	if err == nil || !strings.Contains(err.Error(), "shared_buffers") {
		t.Errorf("err = %v, want what the server said", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("said after %v, though trying again does not help", took)
	}
}

// TestEndedByItself: a server that ends unasked, as it does on a full disk, says why.
func TestEndedByItself(t *testing.T) {
	t.Parallel()
	s := start(t, folder(t))
	if err := s.Err(); err != nil {
		t.Fatalf("while it runs: %v", err)
	}
	if err := syscall.Kill(s.PID(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "immediate shutdown") {
		t.Errorf("err = %v, want the server's last words", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	bin, err := postgres.Find("", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := postgres.Find(bin, 0); got != bin || err != nil {
		t.Errorf("Find(%q) = %q, %v", bin, got, err)
	}
	if _, err := postgres.Find(t.TempDir(), 0); err == nil {
		t.Error("an empty folder passes for a server")
	}
	if _, err := postgres.Find("", 9); err == nil || !strings.Contains(err.Error(), "postgresql-9") {
		t.Errorf("an old cluster: %v, want the package to install", err)
	}
}
