package notifytest

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Require is the environment variable that, set to 1, makes a missing Alertmanager a
// failure instead of a skipped test.
const Require = "DIAPASON_REQUIRE_PROMETHEUS"

// Alertmanager starts a real Alertmanager with a configuration and gives its address; it is
// gone with the test. Without one on the machine the test is skipped.
func Alertmanager(t testing.TB, configuration string) string {
	t.Helper()
	binary, err := exec.LookPath("prometheus-alertmanager")
	if err != nil {
		if os.Getenv(Require) == "1" {
			t.Fatal("Alertmanager is not installed: apt-get install prometheus-alertmanager")
		}
		t.Skip("Alertmanager is not installed: apt-get install prometheus-alertmanager")
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "alertmanager.yml")
	if err := os.WriteFile(config, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(binary, "--config.file="+config, "--storage.path="+filepath.Join(folder, "data"), "--web.listen-address="+address, "--cluster.listen-address=", "--log.level=error")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started, ended := make(chan error, 1), make(chan struct{})
	go func() { // Pdeathsig follows the thread that started the process
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	for range 600 {
		if r, err := http.Get("http://" + address + "/-/ready"); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return "http://" + address
			}
		}
		select {
		case <-ended:
			t.Fatal("Alertmanager ended by itself")
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("Alertmanager is not ready after 30 s")
	return ""
}
