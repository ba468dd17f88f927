# Random operations on files below a directory, each with what came of it on a line: equal seeds give equal lines on every file system.
# usage: perl operations.pl DIRECTORY SEED COUNT [LARGEST]
# LARGEST bytes are written at once, at most. When the file system is gone, it ends; a line is of an operation that was answered before that.
use strict;
use Errno;
use POSIX ();
use Fcntl qw(:DEFAULT :mode :seek);
use IO::Handle;

my ($top, $seed, $count, $largest) = @ARGV;
$largest ||= 400000;
srand $seed;
umask 027;
-d $top or mkdir $top or die "$top: $!";
chdir $top or die "$top: $!";
$| = 1;
$SIG{__WARN__} = sub { }; # of files that cannot be closed when the file system is gone

my @names = ('a', 'b', 'c', "\xe4\xff", 'd/a', 'd/b', 'd/e/a', 'd', 'd/e', 'f', 'f/x', 'n' x 255, 'n' x 256, 'none/x');
my @open;    # files that are open, the name of some of which is gone

sub any { $_[rand @_] }
sub name { any(@names) }
sub told { $_[0] ? 'ok' : 'errno ' . ($! + 0) }

sub look {
    my @s = @_ or return told(0);
    my $type = S_IFMT($s[2]);
    # Not of directories: their size is each file system's own; nor times, which are compared where they were set.
    return sprintf '%o links %d uid %d gid %d size %d', $s[2], $s[3], $s[4], $s[5], $type == S_IFDIR ? 0 : $s[7];
}

sub content {
    my ($file) = @_;
    seek($file, 0, SEEK_SET);
    my ($sum, $length, $data) = (0, 0, '');
    while (my $got = sysread($file, $data, 65536)) {
        $sum = ($sum * 31 + unpack('%32C*', $data)) % 1000000007;
        $length += $got;
    }
    return "$length bytes, sum $sum";
}

my @bytes = map { chr(rand 256) } 1 .. 4096;
my %operations = (
    create => sub { my $n = name(); my $how = any(O_EXCL, 0, O_TRUNC, O_APPEND);
        my $ok = sysopen(my $f, $n, O_CREAT | O_RDWR | O_NONBLOCK | $how, any(0644, 0600, 0444, 04755)); my $told = told($ok);
        if ($ok) { push @open, $f; close(shift @open) if @open > 8; } return "$n $how $told"; },
    open => sub { my $n = name(); my $how = any(O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_TRUNC, O_DIRECTORY, O_NOFOLLOW);
        my $ok = sysopen(my $f, $n, $how | O_NONBLOCK); return "$n $how " . told($ok) . ($ok && -f $f && $how != O_WRONLY ? ' ' . content($f) : ''); },
    write => sub { @open or return 'none open'; my $f = any(@open); my $at = int rand any(10, 5000, 300000);
        my $data = join('', map { $bytes[rand @bytes] } 1 .. any(1, 100, 7000));
        sysseek($f, $at, SEEK_SET); my $n = syswrite($f, $data); return "$at " . (defined $n ? "$n written" : told(0)); },
    big => sub { @open or return 'none open'; my $f = any(@open); my $data = any(@bytes) x int rand $largest;
        sysseek($f, 0, any(SEEK_SET, SEEK_END)); my $n = syswrite($f, $data); return defined $n ? "$n written" : told(0); },
    read => sub { @open or return 'none open'; content(any(@open)); },
    fstat => sub { @open or return 'none open'; look(stat any(@open)); },
    ftruncate => sub { @open or return 'none open'; my $to = int rand any(10, 5000, 300000); "$to " . told(truncate(any(@open), $to)); },
    fsync => sub { @open or return 'none open'; told(any(@open)->sync); },
    fchmod => sub { @open or return 'none open'; told(chmod any(0600, 06755, 0644), any(@open)); },
    close => sub { @open or return 'none open'; told(close(splice @open, rand @open, 1)); },
    truncate => sub { my $n = name(); my $to = int rand 20000; "$n $to " . told(truncate($n, $to)); },
    mkdir => sub { my $n = name(); "$n " . told(mkdir $n, any(0755, 02700, 01777)); },
    rmdir => sub { my $n = name(); "$n " . told(rmdir $n); },
    unlink => sub { my $n = name(); "$n " . (-d $n && !-l $n ? 'a directory' : told(unlink $n)); },
    rename => sub { my ($n, $to) = (name(), name()); "$n $to " . told(rename $n, $to); },
    link => sub { my ($n, $to) = (name(), name()); "$n $to " . told(link $n, $to); },
    symlink => sub { my ($n, $to) = (name(), name()); "$n $to " . told(symlink $n, $to); },
    readlink => sub { my $n = name(); my $to = readlink $n; "$n " . (defined $to ? $to : told(0)); },
    fifo => sub { my $n = name(); "$n " . told(POSIX::mkfifo($n, 0640)); },
    chmod => sub { my $n = name(); "$n " . told(chmod any(0644, 0755, 02755, 0), $n); },
    chown => sub { my $n = name(); "$n " . told(chown any(0, 1000), any(0, 2000), $n); },
    utime => sub { my $n = name(); my $at = int rand 2000000000; my $told = told(utime $at, $at + 1, $n);
        my @s = stat $n; "$n $told" . (@s ? " $s[8] $s[9]" : ''); },
    lstat => sub { my $n = name(); "$n " . look(lstat $n); },
    list => sub { my $n = any('.', 'd', 'd/e', 'f', 'a'); opendir(my $d, $n) or return "$n " . told(0);
        "$n " . join(' ', sort readdir $d); },
);
my @kinds = sort keys %operations;
for my $i (1 .. $count) {
    my $kind = any(@kinds);
    $! = 0;
    my $came = $operations{$kind}->();
    opendir(my $there, '.') or POSIX::_exit(0); # which asks the file system, whatever the kernel knows
    print "$i $kind $came\n";
}
