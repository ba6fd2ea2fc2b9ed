import { openLedger, openMemoryLedger } from '../../../src/sources/index.js';
import { describeLedger } from './conformance/describe-ledger.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

describeLedger('SQLite in a folder', async (settings) => openLedger(await temporaryFolder(), settings));
describeLedger('SQLite in memory', openMemoryLedger);

after(removeTemporaryFolders);
