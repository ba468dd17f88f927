# One client of the soak (SoakIT).
#
#   perl soak.pl work TOP SEED END MANIFEST   changes the empty directory TOP at random until the file END is there, and knows at each moment what has to
#                                             be in it; looks at everything now and then and at the end, then writes down what there is to MANIFEST
#   perl soak.pl tell TOP                     prints what is below a directory, in the same form
#
# Any error ends it: each call does what it does alone, so there is none that may be. The contents of all files are kept in memory, CONTENT_MOST bytes at most.
use strict;
use warnings;
use Digest::MD5 'md5_hex';
use Fcntl qw(:DEFAULT SEEK_SET);

use constant {
    CONTENT_MOST    => 12_000_000,
    FILE_MOST       => 300_000,
    FILES_MOST      => 400,
    CALLS_PER_CHECK => 400,
};

my ($what, $top, $seed, $end, $manifest) = @ARGV;
if ($what eq 'tell') {
    print join('', map {"$_\n"} told($top));
    exit;
}

my %content;    # by a number: {data, names}; more than one name are hard links
my %file;       # number of the content by path below TOP
my %mode;       # of a content
my %link;       # target by path
my %directory = ('' => 1);
my ($numbers, $calls, $checks, $bytes) = (0, 0, 0, 0);
my $doing = 'nothing yet';
srand($seed);
$| = 1;

my @calls = (
    (\&make) x 5, (\&write_in) x 4, (\&append) x 2, (\&truncate_it) x 2, (\&synced) x 2, (\&replace) x 3, (\&unlink_it) x 3, (\&hard_link) x 2,
    (\&symbolic_link) x 1, (\&change_mode) x 2, (\&make_directory) x 2, (\&remove_directory) x 1, (\&move_directory) x 1, (\&read_one) x 5, (\&copy) x 1,
);
until (-e $end) {
    one_of(@calls)->();
    $calls++;
    check() if $calls % CALLS_PER_CHECK == 0;
}
check();
open(my $out, '>', "$manifest.new") or die "$manifest.new: $!";
print $out map {"$_\n"} told($top);
close $out or die "$manifest.new: $!";
rename "$manifest.new", $manifest or die "$manifest: $!";
printf "%d calls, %d checks, %d files, %d bytes written\n", $calls, $checks, scalar keys %file, $bytes;

sub one_of { return $_[int rand @_] }

# Dies unless the call succeeded.
sub must { $_[0] or die "seed $seed, call $calls, $doing: $!\n"; return $_[0] }

sub doing { $doing = join ' ', @_; return }

sub some_file { my @all = sort keys %file; return @all ? one_of(@all) : undef }

sub some_directory { return one_of(sort keys %directory) }

sub fresh { my $in = some_directory(); return ($in eq '' ? '' : "$in/") . $_[0] . ++$numbers }

sub kept { my $sum = 0; $sum += length $_->{data} for values %content; return $sum }

sub data {
    my ($length) = @_;
    my $piece = md5_hex("$seed " . ++$numbers) x 3;
    return substr($piece x (1 + $length / length $piece), 0, $length);
}

sub put {
    my ($path, $at, $data, $flags, $sync) = @_;
    sysopen(my $file, "$top/$path", $flags, 0644) or die "seed $seed, call $calls, $doing: open: $!\n";
    must(defined sysseek($file, $at, SEEK_SET)) if $at >= 0;
    for (my $done = 0; $done < length $data;) {
        my $count = must(syswrite($file, $data, length($data) - $done, $done));
        $done += $count;
    }
    if ($sync) { require IO::Handle; must($file->sync) }
    must(close $file);
    $bytes += length $data;
    return;
}

# Also in the middle of a hole.
sub overlay {
    my ($content, $at, $data) = @_;
    my $gap = $at - length $content->{data};
    $content->{data} .= "\0" x $gap if $gap > 0;
    substr($content->{data}, $at, length $data) = $data;
    return;
}

sub make {
    return if keys %file >= FILES_MOST || kept() > CONTENT_MOST;
    my $path = fresh('f');
    my $data = data(int(rand(10) < 1 ? rand FILE_MOST : rand 9_000));
    doing('create', $path);
    put($path, -1, $data, O_CREAT | O_EXCL | O_WRONLY, 0);
    added($path, $data);
    return;
}

sub added {
    my ($path, $data) = @_;
    my $number = ++$numbers;
    $content{$number} = {data => $data, names => 1};
    $mode{$number} = 0644;
    $file{$path} = $number;
    return;
}

sub write_in {
    my $path = some_file() // return;
    my $content = $content{$file{$path}};
    my $at = int rand(20_000 + length $content->{data});
    return if $at > FILE_MOST;
    my $data = data(1 + int rand 12_000);
    doing('write', $path, 'at', $at);
    put($path, $at, $data, O_WRONLY, 0);
    overlay($content, $at, $data);
    return;
}

sub append {
    my $path = some_file() // return;
    my $content = $content{$file{$path}};
    return if length $content->{data} > FILE_MOST;
    my $data = data(1 + int rand 5_000);
    doing('append to', $path);
    put($path, -1, $data, O_WRONLY | O_APPEND, 0);
    $content->{data} .= $data;
    return;
}

sub synced {
    my $path = some_file() // return;
    my $data = data(1 + int rand 3_000);
    doing('write and sync', $path);
    put($path, 0, $data, O_WRONLY, 1);
    overlay($content{$file{$path}}, 0, $data);
    return;
}

sub truncate_it {
    my $path = some_file() // return;
    my $content = $content{$file{$path}};
    my $length = int rand(4_000 + length $content->{data});
    doing('truncate', $path, 'to', $length);
    must(truncate "$top/$path", $length);
    my $gap = $length - length $content->{data};
    $content->{data} = $gap > 0 ? $content->{data} . "\0" x $gap : substr($content->{data}, 0, $length);
    return;
}

sub dropped {
    my ($path) = @_;
    my $number = delete $file{$path};
    delete $content{$number} if --$content{$number}{names} == 0;
    return;
}

# To a new name, or over another file.
sub replace {
    my $from = some_file() // return;
    my $to = rand() < 0.5 ? fresh('r') : some_file();
    return if $file{$from} == ($file{$to} // 0);
    doing('rename', $from, 'to', $to);
    must(rename "$top/$from", "$top/$to");
    dropped($to) if exists $file{$to};
    $file{$to} = delete $file{$from};
    return;
}

sub unlink_it {
    my $path = some_file() // return;
    doing('unlink', $path);
    must(unlink "$top/$path");
    dropped($path);
    return;
}

sub hard_link {
    my $from = some_file() // return;
    return if keys %file >= FILES_MOST;
    my $to = fresh('h');
    doing('link', $from, 'to', $to);
    must(link "$top/$from", "$top/$to");
    $file{$to} = $file{$from};
    $content{$file{$from}}{names}++;
    return;
}

sub symbolic_link {
    return if keys %link >= FILES_MOST;
    my $path = fresh('l');
    my $target = 'to/' . ($seed + $numbers);
    doing('symlink', $path);
    must(symlink $target, "$top/$path");
    $link{$path} = $target;
    return;
}

sub change_mode {
    my $path = some_file() // return;
    my $mode = one_of(0644, 0600, 0755, 0640);
    doing('chmod', $path);
    must(chmod $mode, "$top/$path");
    $mode{$file{$path}} = $mode;
    return;
}

sub make_directory {
    return if keys %directory > 40;
    my $path = fresh('d');
    doing('mkdir', $path);
    must(mkdir "$top/$path");
    $directory{$path} = 1;
    return;
}

sub is_empty {
    my ($path) = @_;
    return !grep { index($_, "$path/") == 0 } keys %file, keys %link, keys %directory;
}

sub remove_directory {
    my @empty = grep { $_ ne '' && is_empty($_) } sort keys %directory;
    return if !@empty;
    my $path = one_of(@empty);
    doing('rmdir', $path);
    must(rmdir "$top/$path");
    delete $directory{$path};
    return;
}

sub move_directory {
    my $from = some_directory();
    my $to = fresh('m');
    return if $from eq '' || index("$to/", "$from/") == 0;
    doing('rename directory', $from, 'to', $to);
    must(rename "$top/$from", "$top/$to");
    for my $map (\%file, \%link, \%directory) {
        for my $path (grep { $_ eq $from || index($_, "$from/") == 0 } keys %$map) {
            $map->{$to . substr($path, length $from)} = delete $map->{$path};
        }
    }
    return;
}

# By the server itself, with version 4.2.
sub copy {
    my $from = some_file() // return;
    return if keys %file >= FILES_MOST || kept() > CONTENT_MOST;
    my $to = fresh('c');
    doing('copy', $from, 'to', $to);
    system('cp', '--', "$top/$from", "$top/$to") == 0 or die "seed $seed, call $calls, $doing: cp ended with $?\n";
    added($to, $content{$file{$from}}{data});
    must(chmod 0644, "$top/$to");
    return;
}

sub slurp {
    my ($path) = @_;
    open(my $file, '<:raw', $path) or die "seed " . ($seed // 'none') . ", open $path: $!\n";
    local $/;
    my $data = <$file>;
    return defined $data ? $data : '';
}

sub read_one {
    my $path = some_file() // return;
    doing('read', $path);
    same($path);
    return;
}

sub same {
    my ($path) = @_;
    my $is = slurp("$top/$path");
    my $should = $content{$file{$path}}{data};
    return if $is eq $should;
    my $at = 0;
    $at++ while $at < length $is && $at < length $should && substr($is, $at, 1) eq substr($should, $at, 1);
    die "seed $seed, call $calls: $path has " . length($is) . " bytes, not " . length($should) . ", or others from $at on\n";
}

sub check {
    $checks++;
    my @should;
    push @should, "d $_" for grep { $_ ne '' } keys %directory;
    push @should, "l $link{$_} $_" for keys %link;
    for my $path (keys %file) {
        my $content = $content{$file{$path}};
        push @should, sprintf 'f %04o %d %d %s %s', $mode{$file{$path}}, $content->{names}, length $content->{data}, md5_hex($content->{data}), $path;
    }
    @should = sort @should;
    my @is = told($top);
    for my $i (0 .. (@is > @should ? $#is : $#should)) {
        my ($one, $other) = ($is[$i] // 'nothing', $should[$i] // 'nothing');
        $one eq $other or die "seed $seed, call $calls: there is '$one' where '$other' should be\n";
    }
    return;
}

# All below a directory: sorted lines.
sub told {
    my ($in) = @_;
    my @lines;
    my @todo = ('');
    while (defined(my $directory = shift @todo)) {
        my $path = $directory eq '' ? $in : "$in/$directory";
        opendir(my $listing, $path) or die "opendir $path: $!\n";
        for my $name (grep { !/^\.\.?$/ } readdir $listing) {
            my $below = $directory eq '' ? $name : "$directory/$name";
            my @stat = lstat "$in/$below" or die "lstat $in/$below: $!\n";
            if (-l _) { push @lines, 'l ' . (readlink("$in/$below") // die "readlink $in/$below: $!\n") . " $below" }
            elsif (-d _) { push @lines, "d $below"; push @todo, $below }
            else {
                my $data = slurp("$in/$below");
                length $data == $stat[7] or die "$below says $stat[7] bytes and has " . length($data) . "\n";
                push @lines, sprintf 'f %04o %d %d %s %s', $stat[2] & 07777, $stat[3], $stat[7], md5_hex($data), $below;
            }
        }
    }
    return sort @lines;
}
