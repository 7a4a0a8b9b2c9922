package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// elsewhere is where root keeps clusters whose data folder the server's account
// cannot reach.
const elsewhere = "/var/lib/xuncha"

// clusterLink is the cluster's name in the data folder.
const clusterLink = "postgres"

// account is whom the server runs as. The zero account is whoever we are.
type account struct {
	credential *syscall.Credential
}

// unprivileged returns the account for the server of a data folder. That is
// ourselves; or, when we are root, whoever owns the cluster already, else user
// postgres, else nobody.
func unprivileged(dir string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	if info, err := os.Stat(filepath.Join(dir, clusterLink)); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			return account{&syscall.Credential{Uid: st.Uid, Gid: st.Gid}}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if c, err := credentialOf(name); err == nil {
			return account{c}, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

func credentialOf(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// makeParent makes the data folder. The server's account may pass through it,
// not look into it: with less, the start fails as if a program were missing.
func (a account) makeParent(dir string) error {
	mode := fs.FileMode(0o700)
	if a.credential != nil {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&mode == mode {
		return err
	}
	return os.Chmod(dir, info.Mode().Perm()|mode)
}

// place returns the cluster's folder for a data folder. That is a folder in it,
// unless a closed folder above (such as /root) keeps the server's account out:
// then the cluster lies in /var/lib and the data folder has a link to it.
func (a account) place(dir string) (string, error) {
	link := filepath.Join(dir, clusterLink)
	if real, err := filepath.EvalSymlinks(link); err == nil {
		return real, nil
	}
	if a.reaches(dir) {
		return link, nil
	}
	sum := sha256.Sum256([]byte(dir))
	cluster := filepath.Join(elsewhere, hex.EncodeToString(sum[:8]))
	if err := os.MkdirAll(elsewhere, 0o711); err != nil {
		return "", err
	}
	// What lies there belongs to a data folder that was deleted since.
	if err := os.RemoveAll(cluster); err != nil {
		return "", err
	}
	_ = os.Remove(link) // may dangle
	return cluster, os.Symlink(cluster, link)
}

// reaches says whether the account may pass into dir.
func (a account) reaches(dir string) bool {
	cmd := exec.Command("/bin/true")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential}
	return cmd.Run() == nil
}

// give hands path over to the account.
func (a account) give(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// socketFolder makes a folder for the listening socket. Socket paths may not be
// longer than about 100 bytes, so it lies in the machine's temporary folder, and
// the data folder remembers it for whoever clears up.
func (a account) socketFolder(dir string) (string, error) {
	removeSockets(dir)
	sockets, err := os.MkdirTemp(socketRoot, socketName)
	if err != nil {
		return "", fmt.Errorf("socket folder: %w", err)
	}
	note := filepath.Join(dir, socketNote)
	err = errors.Join(a.give(sockets), os.WriteFile(note, []byte(sockets), 0o600), a.give(note))
	if err != nil {
		return "", fmt.Errorf("socket folder: %w", err)
	}
	return sockets, nil
}
