/**
 * Downloads a mongod into the folder given and prints its path as the last line; lines before are progress. A process of
 * its own, so that it can be ended when it gets nowhere.
 */
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';

const [downloadDir, version] = process.argv.slice(2);
process.env.MONGOMS_PREFER_GLOBAL_PATH = 'false';
process.env.MONGOMS_DOWNLOAD_DIR = downloadDir;
process.env.MONGOMS_MAX_RETRIES = '1'; // its three tries take 7 s where there is no way out
try {
  process.stdout.write(`${await MongoBinary.getPath({ downloadDir, version })}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
