#!/bin/sh
# Copies a home to BOKSLUT_BACKUP, consistently, while everybody may read:
# - store/TIME/: the store, the settings, the mappings and what was fetched and said, copied while nobody writes: this holds
#   writer.lock, shared, as long as that takes; a close that begins meanwhile is refused (exit 5);
# - archive/: each archived file once. The copy of the store came first, and archived files are never changed nor removed, so
#   whatever that store speaks of is there. A file whose bytes are no longer those of its name is not copied, and told: exit 1.
#   What `bokslut retain` destroyed in the home is taken out of this copy too, and its notes of that are copied. Older copies
#   of the store hold its rows until they have had their time.
# Left out: the inbox (the sources still have it), what is published (the next close writes it from the store), Prefect's
# database, and the person key, which must not lie beside what it protects.
set -eu
umask 077
home=${BOKSLUT_HOME:?is not set}
to=${BOKSLUT_BACKUP:?is not set}
copies=${BOKSLUT_BACKUP_COPIES:-14}
wait_seconds=${BOKSLUT_BACKUP_WAIT_SECONDS:-3600}

[ -f "$home/store.duckdb" ] || { echo "There is no store in $home." >&2; exit 1; }
mkdir -p "$to/store" "$to/archive"
arriving="$to/store/.arriving"
rm -rf "$arriving"
mkdir "$arriving"

exec 9>>"$home/writer.lock"
flock --shared --wait "$wait_seconds" 9 || { echo "Another writer works in $home: no copy was made." >&2; exit 5; }
for name in store.duckdb store.duckdb.wal settings.toml mappings pulled messages.json nights.json; do
    [ ! -e "$home/$name" ] || cp -R -p "$home/$name" "$arriving/"
done
flock --unlock 9

chmod -R go= "$arriving"
sync "$arriving"/*
mv "$arriving" "$to/store/$(date +%Y%m%dT%H%M%S)"
ls "$to/store" | sort -r | tail -n "+$((copies + 1))" | while read -r old; do rm -rf "${to:?}/store/$old"; done

bad=0
cd "$home/archive"
for file in ??/*; do
    [ -f "$file" ] && [ ! -e "$to/archive/$file" ] || continue
    mkdir -p "$to/archive/${file%/*}"
    rm -f "$to/archive/.arriving"
    cp -p "$file" "$to/archive/.arriving"
    sum=$(sha256sum "$to/archive/.arriving")
    if [ "${sum%% *}" != "${file#*/}" ]; then
        echo "Not copied, its bytes are not those that arrived: archive/$file" >&2
        rm -f "$to/archive/.arriving"
        bad=1
        continue
    fi
    sync "$to/archive/.arriving"
    mv "$to/archive/.arriving" "$to/archive/$file"
done

for note in destroyed/*; do
    [ -f "$note" ] || continue
    name=${note#destroyed/}
    folder=$(printf %.2s "$name")
    mkdir -p "$to/archive/destroyed"
    cp -p -f "$note" "$to/archive/destroyed/$name"
    [ -e "$folder/$name" ] || rm -f "$to/archive/$folder/$name"
done
exit "$bad"
