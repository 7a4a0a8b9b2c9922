// Package postgres runs a private PostgreSQL server for one process: the demo,
// the tests, a developer.
//
// It uses server programs that are already on the machine, keeps its cluster in
// a folder of its own and listens on a socket that nobody else can reach. The
// server ends with the process that started it, however that one ends, and the
// folder can be started again after any ending. It works as an ordinary user and
// as root, which PostgreSQL refuses to run as: it then runs as user postgres.
//
// Production does not use it: a service that is given a database's address never
// comes here.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Superuser is the login that owns the cluster.
const Superuser = "postgres"

// patience is how long a start waits for the remains of an earlier server.
const patience = 15 * time.Second

// Options say where a server keeps its data and how it treats them.
type Options struct {
	Dir      string            // data folder; made if it is not there
	Binaries string            // folder of initdb and postgres; looked for if empty
	Fragile  bool              // for tests: fast, and lost when the machine stops
	Settings map[string]string // server settings beside our own
}

// InUseError says that another process runs the server of a data folder.
type InUseError struct {
	Dir string
	PID int // zero if it is not known
}

// Error names the folder and the process.
func (e *InUseError) Error() string {
	return fmt.Sprintf("data folder %s is in use by process %d", e.Dir, e.PID)
}

// Server is a running PostgreSQL server.
type Server struct {
	dir     string // data folder
	cluster string // PostgreSQL's own folder, in it
	sockets string // short folder of the listening socket
	process *os.Process
	ended   <-chan struct{}
	lock    *os.File
}

// Start starts the server of o.Dir, making its cluster the first time, and
// returns when it answers. It fails with an [InUseError] if the folder has a
// server already.
func Start(ctx context.Context, o Options) (_ *Server, err error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	who, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	if err := who.makeParent(dir); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = lock.Close()
		}
	}()
	cluster, err := who.place(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	bin, err := Find(o.Binaries, clusterMajor(cluster))
	if err != nil {
		return nil, err
	}
	if err := initialise(ctx, bin, cluster, who); err != nil {
		return nil, err
	}
	s := &Server{dir: dir, cluster: cluster, lock: lock}
	if err := s.launchPatiently(ctx, bin, who, o); err != nil {
		return nil, err
	}
	return s, nil
}

// URL returns the address of a database for a login of the server. The socket's
// folder keeps strangers out, so there is no password.
func (s *Server) URL(login, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.User(login), Path: "/" + database,
		RawQuery: url.Values{"host": {s.sockets}}.Encode(),
	}
	return u.String()
}

// Done is closed when the server has ended, asked or not.
func (s *Server) Done() <-chan struct{} { return s.ended }

// Err says why the server has ended, in its own last words. It is nil while the
// server runs.
func (s *Server) Err() error {
	select {
	case <-s.ended:
		return explain(errors.New("postgres has ended by itself"), filepath.Join(s.dir, logName))
	default:
		return nil
	}
}

// PID returns the server's process id.
func (s *Server) PID() int { return s.process.Pid }

// Stop ends the server: it disconnects whoever is connected, and after a time of
// grace it does not wait for anybody.
func (s *Server) Stop() error {
	defer s.lock.Close()
	defer removeSockets(s.dir)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		if err := s.process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop postgres: %w", err)
		}
		select {
		case <-s.ended:
			return nil
		case <-time.After(10 * time.Second):
		}
	}
	return errors.New("stop postgres: it does not end")
}

// Remove ends the server and deletes all that it had.
func (s *Server) Remove() error {
	return errors.Join(s.Stop(), os.RemoveAll(s.cluster), os.RemoveAll(s.dir))
}

// launchPatiently starts the server, and starts it again while the remains of a
// killed one are in its way: backends that still hold the shared memory, or a
// dead postmaster that nobody has reaped.
func (s *Server) launchPatiently(ctx context.Context, bin string, who account, o Options) error {
	deadline := time.Now().Add(patience)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		if err := clearRemains(ctx, s.dir, s.cluster); err != nil {
			return err
		}
		err := s.launch(ctx, bin, who, o)
		if err == nil || !errors.Is(err, errRemains) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

var errRemains = errors.New("an earlier server has not quite ended")

// launch starts the server once and waits until it answers.
func (s *Server) launch(ctx context.Context, bin string, who account, o Options) (err error) {
	if s.sockets, err = who.socketFolder(s.dir); err != nil {
		return err
	}
	output, err := openLog(s.dir, who)
	if err != nil {
		return err
	}
	defer output.Close()
	cmd := exec.Command(filepath.Join(bin, "postgres"), s.arguments(o)...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.cluster, serverEnv(), output, output
	ended, err := spawn(cmd, who)
	if err != nil {
		removeSockets(s.dir)
		return fmt.Errorf("start postgres: %w", err)
	}
	s.process, s.ended = cmd.Process, ended
	if err := s.awaitReady(ctx); err != nil {
		_ = cmd.Process.Signal(syscall.SIGQUIT)
		<-ended
		removeSockets(s.dir)
		return explain(err, output.Name())
	}
	return nil
}

// arguments are the server's command line. The socket is the only way in.
func (s *Server) arguments(o Options) []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": s.sockets,
		"unix_socket_permissions": "0700",
		"max_connections":         "200",
		"logging_collector":       "off",
		"log_destination":         "stderr",
		"log_line_prefix":         "%m [%p] ",
	}
	if o.Fragile {
		settings["fsync"] = "off"
		settings["synchronous_commit"] = "off"
		settings["full_page_writes"] = "off"
	}
	for name, value := range o.Settings {
		settings[name] = value
	}
	args := []string{"-D", s.cluster}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

// awaitReady waits until the server says that it is ready and takes a connection.
func (s *Server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute) // a long recovery is not a failure
	defer cancel()
	for {
		if pid, ready := readPIDFile(s.cluster); ready && pid == s.process.Pid {
			conn, err := pgx.Connect(ctx, s.URL(Superuser, "postgres"))
			if err == nil {
				return conn.Close(ctx)
			}
		}
		select {
		case <-s.ended:
			return errors.New("postgres ended while starting")
		case <-ctx.Done():
			return fmt.Errorf("postgres does not get ready: %w", ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// acquire takes the lock that one process at a time holds on a data folder. It
// falls with the process, so nothing stale can remain; one that was killed just
// now gets a moment to be gone.
func acquire(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	for deadline := time.Now().Add(time.Second); ; time.Sleep(20 * time.Millisecond) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer f.Close()
		holder, _ := os.ReadFile(f.Name())
		pid, _ := strconv.Atoi(strings.TrimSpace(string(holder)))
		return nil, &InUseError{Dir: dir, PID: pid}
	}
	if err := errors.Join(err, f.Truncate(0), writeAt(f, strconv.Itoa(os.Getpid()))); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	return f, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text+"\n"), 0)
	return err
}

// serverEnv keeps the caller's settings (PGDATA, LC_ALL, passwords) away from
// the server.
func serverEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
}
