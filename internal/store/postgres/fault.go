package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"diapason/internal/store"
)

// fault gives a failure of the server or of the way to it its name and a
// sentence; other errors pass unchanged.
func (d *Database) fault(err error) error {
	if err == nil || store.CodeOf(err) != "" {
		return err
	}
	e := &store.Error{Place: d.place, Cause: err}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		if !d.refusal(e, refused) {
			return err
		}
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var connect *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		d.unavailable(e, "no PostgreSQL answers at "+d.place)
		return e
	}
	return err
}

func (d *Database) unavailable(e *store.Error, problem string) {
	e.Code, e.Problem = store.CodeUnavailable, problem
	e.Remedy = "check that the server runs and that the address is right, and try again"
}

// refusal names an error that the server sent, by its SQLSTATE
// (https://www.postgresql.org/docs/current/errcodes-appendix.html); false when
// it has no name here.
func (d *Database) refusal(e *store.Error, refused *pgconn.PgError) bool {
	said := " (" + oneLine(refused.Message) + ")"
	switch code := refused.Code; {
	case code == "53100":
		e.Code, e.Problem = store.CodeDiskFull, "the disk of the database "+d.place+" is full, nothing was recorded"
		e.Remedy = "free some space on the server and try again"
	case code == "25006":
		e.Code, e.Problem = store.CodeReadOnly, "the database "+d.place+" accepts no changes"+said
		e.Remedy = "connect to the primary server, not to a standby"
	case code == "55P03":
		e.Code, e.Problem = store.CodeLocked, "the database "+d.place+" is locked by another program"
		e.Remedy = "end the program that holds the lock and try again"
	case code == "XX001" || code == "XX002":
		e.Code, e.Problem = store.CodeCorrupt, "the database "+d.place+" is damaged"+said
		e.Remedy = "restore it from a backup"
	case strings.HasPrefix(code, "58"):
		e.Code, e.Problem = store.CodeDisk, "the server of "+d.place+" failed to read or write its disk"+said
		e.Remedy = "check the disk of the server"
	case strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P"):
		d.unavailable(e, "the database "+d.place+" cannot serve now"+said)
	case strings.HasPrefix(code, "08"):
		d.unavailable(e, "the connection to "+d.place+" failed"+said)
	case strings.HasPrefix(code, "28"):
		e.Code, e.Problem = store.CodeSetup, "the database "+d.place+" refuses the account"+said
		e.Remedy = "check the user and the password in its address"
	case code == "3D000":
		e.Code, e.Problem = store.CodeSetup, "the database "+d.place+" does not exist"
		e.Remedy = "create it with createdb"
	case code == "42501":
		e.Code, e.Problem = store.CodeSetup, "the account has too few rights in "+d.place+said
		e.Remedy = "make it the owner of the database"
	default:
		return false
	}
	return true
}
