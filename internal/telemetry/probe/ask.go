package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/prometheus/blackbox_exporter/prober"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"
)

// sight is how far a run saw.
type sight int

const (
	seen   sight = iota // something answered: the target, or at least its machine
	silent              // nothing answered: the target may be down, or the way to it
	blind               // this machine could not even ask
)

// result is what a run gave.
type result struct {
	success bool
	sight   sight
	seconds float64
	expiry  time.Time // of the certificate that expires first; zero where none was shown
	reason  string    // why it failed, in technical English
}

// ask runs a probe once.
func ask(ctx context.Context, d *Definition) result {
	ctx, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	started := time.Now()
	var r result
	if d.Type == TypeGRPC {
		r = askHealth(ctx, d)
	} else {
		r = askBlackbox(ctx, d)
	}
	r.seconds = time.Since(started).Seconds()
	if r.success && d.Expires > 0 && !r.expiry.IsZero() && r.expiry.Before(started.Add(d.Expires)) {
		r.success, r.reason = false, "the certificate expires on "+r.expiry.UTC().Format(time.RFC3339)
	}
	return r
}

func askBlackbox(ctx context.Context, d *Definition) result {
	name, module := d.module()
	registry := prometheus.NewRegistry()
	var said lastError
	success := prober.Probers[name](ctx, d.Target, module, registry, slog.New(&said))
	r := result{success: success, expiry: expiryIn(registry, d)}
	if success {
		return r
	}
	r.reason = said.text
	if said.err != nil {
		r.reason = fmt.Sprintf("%s: %v", said.text, said.err)
	}
	r.sight = sightOf(ctx, said.err)
	return r
}

// expiryIn finds the earliest expiry of a certificate among the metrics of a run.
func expiryIn(registry *prometheus.Registry, d *Definition) time.Time {
	if !d.encrypted() {
		return time.Time{}
	}
	families, err := registry.Gather()
	if err != nil {
		return time.Time{}
	}
	for _, f := range families {
		if f.GetName() == metricExpiry && len(f.GetMetric()) == 1 {
			if s := int64(f.GetMetric()[0].GetGauge().GetValue()); s > 0 {
				return time.Unix(s, 0)
			}
		}
	}
	return time.Time{}
}

// own are the errors of this machine rather than of what it asks.
var own = []error{
	syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EADDRNOTAVAIL, syscall.EMFILE, syscall.ENFILE,
	syscall.ENOBUFS, syscall.ENOMEM, syscall.EPERM, syscall.EACCES, os.ErrPermission,
}

// sightOf judges an error of a run. A connection that was refused was answered by the
// target's machine; a name that does not resolve may be the resolver's silence.
func sightOf(ctx context.Context, err error) sight {
	for _, e := range own {
		if errors.Is(err, e) {
			return blind
		}
	}
	var (
		timed    net.Error
		dialing  *net.OpError
		resolver *net.DNSError
	)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		return seen
	case expired(ctx), errors.As(err, &resolver), errors.As(err, &timed) && timed.Timeout(), errors.As(err, &dialing) && dialing.Op == "dial":
		return silent
	}
	return seen
}

// expired tells that the time of a question is over. A connection shares the deadline of
// its context and may end a moment before the context's own timer does.
func expired(ctx context.Context) bool {
	end, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && time.Until(end) < time.Millisecond
}

// lastError keeps what a prober logged last as an error: it gives no other account.
type lastError struct {
	text string
	err  error
}

func (l *lastError) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelError
}

func (l *lastError) Handle(_ context.Context, r slog.Record) error {
	text, cause := r.Message, error(nil)
	r.Attrs(func(a slog.Attr) bool {
		if e, ok := a.Value.Any().(error); ok {
			cause = e
		}
		return true
	})
	if l.err == nil || cause != nil {
		l.text, l.err = text, cause
	}
	return nil
}

func (l *lastError) WithAttrs([]slog.Attr) slog.Handler { return l }

func (l *lastError) WithGroup(string) slog.Handler { return l }

// askHealth asks by the health protocol of gRPC. blackbox_exporter's prober does not heed
// its timeout: a server that accepts and stays silent would hold it forever.
func askHealth(ctx context.Context, d *Definition) result {
	transport := insecure.NewCredentials()
	if d.Secure {
		host, _, _ := net.SplitHostPort(d.Target)
		transport = credentials.NewTLS(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	}
	var dialed error
	conn, err := grpc.NewClient("passthrough:///"+d.Target, grpc.WithTransportCredentials(transport), grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil {
			dialed = err
		}
		return c, err
	}))
	if err != nil {
		return result{reason: err.Error()}
	}
	defer conn.Close()
	var from peer.Peer
	answer, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: d.Name}, grpc.Peer(&from))
	var r result
	if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
		for _, c := range info.State.PeerCertificates {
			if r.expiry.IsZero() || c.NotAfter.Before(r.expiry) {
				r.expiry = c.NotAfter
			}
		}
	}
	switch {
	case err != nil:
		r.reason = err.Error()
		r.sight = sightOf(ctx, dialed)
	case answer.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING:
		r.reason = "the service says that it is " + answer.GetStatus().String()
	default:
		r.success = true
	}
	return r
}
